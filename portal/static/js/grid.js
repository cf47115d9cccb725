/* A grid of people and days (table[data-grid]). Today comes into view. Keyboard: one tab stop for the whole table, arrows
   move between cells, Home and End to the ends of the row, Ctrl+Home and Ctrl+End to the corners, Page Up and Down by
   ten people; Enter opens what is in the cell. */
(() => {
  "use strict";
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], PageUp: [-10, 0], PageDown: [10, 0] };
  const PRESSABLE = "a, button";

  const cellOf = (element) => element.closest("[data-grid] tbody :is(td, th)");
  const bodyRows = (grid) => [...grid.tBodies].flatMap((body) => [...body.rows]);
  /* What takes the focus for a cell: the thing to press in it, else the cell. */
  const stopOf = (cell) => cell.querySelector(PRESSABLE) ?? cell;

  function prepare() {
    for (const grid of document.querySelectorAll("[data-grid]:not([data-ready])")) {
      grid.dataset.ready = "";
      for (const element of grid.querySelectorAll(`tbody :is(${PRESSABLE})`)) element.tabIndex = -1;
      const first = bodyRows(grid)[0]?.cells[1];
      if (first) stopOf(first).tabIndex = 0;
      showToday(grid);
    }
  }

  /* A quarter or a year is wider than the window: today is brought into it, a week of the past beside it. */
  function showToday(grid) {
    const frame = grid.parentElement;
    const [name, ...days] = grid.tHead?.rows[1]?.cells ?? [];
    const today = days.findIndex((cell) => cell.classList.contains("t"));
    if (today < 0 || days[today].offsetLeft + days[today].offsetWidth <= frame.clientWidth) return;
    frame.scrollLeft = days[Math.max(0, today - 7)].offsetLeft - name.offsetWidth;
  }

  function go(grid, from, to) {
    const stop = stopOf(to);
    for (const element of grid.querySelectorAll('tbody [tabindex="0"]')) element.tabIndex = -1;
    stop.tabIndex = 0;
    stop.focus({ preventScroll: true });
    to.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function target(event, rows, row, column) {
    const last = rows[row].cells.length - 1;
    if (event.key === "Home") return event.ctrlKey ? rows[0].cells[1] : rows[row].cells[1];
    if (event.key === "End") return event.ctrlKey ? rows.at(-1).cells[last] : rows[row].cells[last];
    const [down, right] = STEPS[event.key];
    const next = rows[Math.min(Math.max(row + down, 0), rows.length - 1)];
    return next.cells[Math.min(Math.max(column + right, 0), next.cells.length - 1)];
  }

  function move(event) {
    if (event.altKey || event.metaKey || !(event.key in STEPS || event.key === "Home" || event.key === "End")) return;
    if (event.target.matches?.("input, select, textarea")) return;
    const cell = cellOf(event.target);
    if (!cell) return;
    const grid = cell.closest("[data-grid]");
    const rows = bodyRows(grid);
    event.preventDefault();
    go(grid, cell, target(event, rows, rows.indexOf(cell.parentElement), cell.cellIndex));
  }

  document.addEventListener("keydown", move);
  document.addEventListener("htmx:after:swap", prepare);
  document.addEventListener("DOMContentLoaded", prepare);
})();
