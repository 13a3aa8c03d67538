"use strict";
(() => {
  const tools = document.querySelector(".tools");
  if (!tools) return;
  tools.hidden = false;
  const find = document.getElementById("find");
  const shown = document.getElementById("shown");
  const unfold = document.getElementById("unfold");
  const boxes = [...tools.querySelectorAll("input[type=checkbox]")];
  const changes = [...document.querySelectorAll("main > details")].map((element) => ({ element, kind: element.dataset.kind, text: null }));
  const textOf = (change) => (change.text ??= change.element.textContent.toLowerCase());

  let pending = 0;
  const filter = () => {
    pending = 0;
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kinds = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const change of changes) {
      const fits = kinds.has(change.kind) && words.every((word) => textOf(change).includes(word));
      if (change.element.hidden === fits) change.element.hidden = !fits;
      if (fits) count++;
    }
    shown.value = count === changes.length ? "" : `${count} of ${changes.length} shown`;
  };
  const later = () => { pending ||= requestAnimationFrame(filter); };
  tools.addEventListener("input", later);
  tools.addEventListener("submit", (event) => event.preventDefault());

  const fold = (open) => { for (const { element } of changes) if (!element.hidden) element.open = open; };
  unfold.addEventListener("click", () => {
    const open = changes.some(({ element }) => !element.hidden && !element.open);
    fold(open);
    unfold.textContent = open ? "Fold all" : "Unfold all";
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== find && !event.ctrlKey && !event.metaKey) { event.preventDefault(); find.focus(); }
    if (event.key === "Escape" && document.activeElement === find) { find.value = ""; later(); }
  });

  let folded = [];
  addEventListener("beforeprint", () => { folded = changes.filter(({ element }) => !element.open); for (const { element } of folded) element.open = true; });
  addEventListener("afterprint", () => { for (const { element } of folded) element.open = false; });
})();
