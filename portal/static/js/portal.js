/* Behaviour of every page, bound by data- attributes. Nothing here is needed to get work done: links and forms do
   the work, this makes it quicker. Text only ever goes in as textContent.

   data-menu            a <details> that closes on Escape, on a press outside and when the focus leaves it
   data-remember=name   a <details> whose state is kept in the cookie `name` (open or closed)
   data-confirm=text    a form that asks first, in #confirm-dialog
   data-open=#id        a button that opens a <dialog>; data-close inside it closes it
   data-copy=#id        a button that copies the text of an element; data-copied is what it says then; sent hidden, as
                        without this script it could do nothing
   data-submit          a field whose change sends its form
   data-focus           receives the focus when it appears
   data-announce        is read out when it appears through htmx */
(() => {
  "use strict";
  const A_YEAR = 31536000;
  const one = (selector) => document.querySelector(selector);

  function announce(text) {
    const region = one("#announcements");
    if (!region || !text) return;
    region.textContent = "";
    requestAnimationFrame(() => { region.textContent = text.replace(/\s+/g, " ").trim(); });
  }

  function focusWhatAsksForIt(root) {
    root.querySelector("[data-focus]")?.focus();
  }

  function keepMenusTidy(event) {
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  }

  function closeMenuOnEscape(event) {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("[data-menu][open]") ?? one("[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  }

  function remember(event) {
    const name = event.target.dataset?.remember;
    if (!name) return;
    const secure = location.protocol === "https:" ? ";secure" : "";
    document.cookie = `${name}=${event.target.open ? "open" : "closed"};path=/;max-age=${A_YEAR};samesite=lax${secure}`;
  }

  /* In the capture phase and before htmx, so that a form which htmx sends waits for the answer as well. */
  function confirmFirst(event) {
    const form = event.target;
    const dialog = one("#confirm-dialog");
    if (!form.dataset?.confirm || form.dataset.confirmed || !dialog) {
      delete form.dataset.confirmed;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    dialog.querySelector("[data-confirm-text]").textContent = form.dataset.confirm;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return;
      form.dataset.confirmed = "yes";
      form.requestSubmit(event.submitter);
    }, { once: true });
    dialog.showModal();
  }

  async function copy(button) {
    const text = one(button.dataset.copy)?.textContent.trim();
    if (!text) return;
    await navigator.clipboard.writeText(text);
    announce(button.dataset.copied);
    const label = button.querySelector("span") ?? button;
    const before = label.textContent;
    label.textContent = button.dataset.copied;
    setTimeout(() => { label.textContent = before; }, 2000);
  }

  function press(event) {
    const button = event.target.closest?.("[data-copy], [data-open], [data-close]");
    if (!button) return;
    if (button.dataset.copy) copy(button);
    if (button.dataset.open && one(button.dataset.open)) {
      event.preventDefault();
      one(button.dataset.open).showModal();
    }
    if ("close" in button.dataset) button.closest("dialog")?.close();
  }

  /* An answer that htmx does not swap in (any error but 409 and 422): say what the error page says. */
  function sayWhatWentWrong(event) {
    const context = event.detail?.ctx;
    const status = context?.response?.status;
    if (status === 422 || status === 409) return;
    const page = context?.text ? new DOMParser().parseFromString(context.text, "text/html") : null;
    const said = page?.querySelector("[data-error-text]")?.textContent;
    showProblem(said ?? one("#announcements")?.dataset.problem ?? "");
  }

  function showProblem(text) {
    const area = one("#flashes");
    if (area && text) {
      const box = document.createElement("div");
      box.className = "alert alert-danger";
      box.textContent = text.replace(/\s+/g, " ").trim();
      area.replaceChildren(box);
      area.scrollIntoView({ block: "nearest" });
    }
    announce(text);
  }

  function afterSwap() {
    const fresh = document.querySelectorAll("[data-announce]:not([data-announced])");
    announce([...fresh].map((element) => element.textContent).join(" "));
    for (const element of fresh) element.dataset.announced = "";
    focusWhatAsksForIt(document);
    for (const element of document.querySelectorAll("[data-focus]")) element.removeAttribute("data-focus");
  }

  document.addEventListener("click", keepMenusTidy);
  document.addEventListener("focusin", keepMenusTidy);
  document.addEventListener("click", press);
  document.addEventListener("keydown", closeMenuOnEscape);
  document.addEventListener("toggle", remember, true);
  document.addEventListener("submit", confirmFirst, true);
  document.addEventListener("change", (event) => { if ("submit" in event.target.dataset) event.target.form?.requestSubmit(); });
  document.addEventListener("htmx:after:swap", afterSwap);
  document.addEventListener("htmx:response:error", sayWhatWentWrong);
  document.addEventListener("htmx:error", sayWhatWentWrong);
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
    for (const element of document.querySelectorAll("[data-announce]")) element.dataset.announced = "";
    focusWhatAsksForIt(document);
  });
})();
