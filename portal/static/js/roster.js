/* The roster as a spreadsheet (table[data-roster], on top of grid.js): a template's code typed into a cell plans that
   shift, Delete empties it, Enter or a click opens it in a dialog. Everything is sent through forms of the page, one
   after the other, so that quick typing loses nothing; the row that comes back replaces the old one. */
(() => {
  "use strict";
  const PAUSE = 700; // ms in which the next letter still belongs to the same code
  const table = () => document.querySelector("[data-roster]");
  const form = document.querySelector("#fill-form");
  const dialog = document.querySelector("#cell-dialog");
  const waiting = [];
  let busy = false;
  let typed = { text: "", cell: null, timer: 0 };
  let place = null;

  const cellOf = (target) => {
    const cell = target.closest?.("[data-roster] tbody td:not(.sum)");
    return cell && !target.closest("a, button") ? cell : null;
  };
  const personOf = (cell) => cell.parentElement.querySelector("th a").getAttribute("href");
  const codesIn = (cell) => [...cell.querySelectorAll("b:not(.a)")].map((chip) => chip.firstChild.textContent.trim());
  const dateOf = (cell) => `${table().dataset.roster.slice(0, 8)}${String(cell.cellIndex).padStart(2, "0")}`;
  const keep = (cell) => ({ person: personOf(cell), column: cell.cellIndex });
  const find = ({ person, column }) => [...table().tBodies[0].rows].find((row) => row.querySelector("th a").getAttribute("href") === person)?.cells[column];

  function enter(cell, code) {
    waiting.push({ ...keep(cell), code });
    sendNext();
  }

  function sendNext() {
    if (busy || waiting.length === 0) return;
    const { code, ...where } = waiting.shift();
    const cell = find(where);
    if (!cell || codesIn(cell).join(" ") === code) return sendNext();
    busy = true;
    form.elements.employee_id.value = where.person.split("/").at(-1);
    form.elements.date.value = dateOf(cell);
    form.elements.code.value = code;
    form.elements.seen.value = codesIn(cell).join(" ");
    form.requestSubmit();
  }

  /* The whole code as soon as no other code begins with what was typed, else after a pause. */
  function type(cell, letter) {
    clearTimeout(typed.timer);
    const before = typed.cell && typed.cell.person === personOf(cell) && typed.cell.column === cell.cellIndex ? typed.text : "";
    const codes = table().dataset.codes.trim().split(/\s+/);
    const fitting = (text) => codes.filter((code) => code.toLowerCase().startsWith(text.toLowerCase()));
    const text = fitting(before + letter).length ? before + letter : letter;
    const found = fitting(text);
    const exact = found.find((code) => code.toLowerCase() === text.toLowerCase());
    const where = keep(cell);
    const done = () => {
      typed = { text: "", cell: null, timer: 0 };
      const now = find(where);
      if (exact && now) enter(now, exact);
    };
    typed = { text: found.length ? text : "", cell: where, timer: 0 };
    if (exact && found.length === 1) done();
    else if (found.length) typed.timer = setTimeout(done, PAUSE);
    return found.length > 0;
  }

  function press(event) {
    const cell = cellOf(event.target);
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Delete" || event.key === "Backspace") enter(cell, "");
    else if (event.key === "Enter" || event.key === " ") open(cell);
    else if (event.key.length !== 1 || !type(cell, event.key)) return;
    event.preventDefault();
  }

  function open(cell) {
    place = keep(cell);
    dialog.replaceChildren();
    htmx.ajax("GET", `${personOf(cell)}/${dateOf(cell)}?in=dialog`, { target: "#cell-dialog", select: "#cell", swap: "innerHTML" });
    dialog.showModal();
  }

  function focus(cell) {
    if (!cell) return;
    for (const element of table().querySelectorAll('tbody [tabindex="0"]')) element.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus({ preventScroll: true });
  }

  const resume = () => { if (place) focus(find(place)); };

  /* Rows are replaced under the fingers of who types: the cell that had the focus has it again before the next key is
     looked at. So the dialog closes before the rows change, and an observer (not an event after the swap) gives it back. */
  function before(event) {
    const { response, sourceElement } = event.detail?.ctx ?? {};
    if (dialog.open && sourceElement?.closest?.("#cell-dialog form") && response?.status === 200) {
      dialog.close();
      resume();
    }
    const cell = document.activeElement && cellOf(document.activeElement);
    if (cell) place = keep(cell);
  }

  function changed() {
    for (const link of table().querySelectorAll("tbody th a")) link.tabIndex = -1;
    if (!dialog.open && document.activeElement === document.body) resume();
  }

  function settled(event) {
    if (event.target !== form) return;
    busy = false;
    sendNext();
  }

  if (!form || !dialog) return;
  document.addEventListener("keydown", press);
  document.addEventListener("click", (event) => { const cell = cellOf(event.target); if (cell) open(cell); });
  dialog.addEventListener("close", () => { if (!cellOf(document.activeElement)) resume(); });
  document.addEventListener("htmx:before:swap", before);
  new MutationObserver(changed).observe(table(), { childList: true, subtree: true });
  document.addEventListener("htmx:finally:request", settled);
})();
