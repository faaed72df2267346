"use strict";
// Filters, opens what a link leads to, and numbers lines. The page can be read without it.
(() => {
  const items = [...document.querySelectorAll(".item")];
  const stacks = [...document.querySelectorAll(".stack")];
  const form = document.getElementById("filter");
  const field = (id) => document.getElementById(id);
  const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null|-?\d[\d.eE+-]*)\b/g;
  let texts = null;

  // Lower-case texts of all items, made when first searched.
  const textOf = (place) => {
    texts ??= items.map((item) => `${item.id}\n${item.querySelector(".source").textContent}`.toLowerCase());
    return texts[place];
  };

  const isMarked = (item, mark) =>
    mark === "" ||
    (mark === "waived" && "waived" in item.dataset) ||
    (mark === "any-change" && item.dataset.change !== "") ||
    mark === item.dataset.change;

  const isOfKind = (item, kind) =>
    kind === "" || (kind === "resource" ? "resource" in item.dataset : kind === `=${item.dataset.kind}`);

  const apply = () => {
    const words = field("text").value.toLowerCase().split(/\s+/).filter(Boolean);
    const [kind, requirement, mark] = ["kind", "requirement", "mark"].map((id) => field(id).value);
    let shown = 0;
    items.forEach((item, place) => {
      const fits =
        isOfKind(item, kind) &&
        (requirement === "" || item.dataset.requirements.split(" ").includes(requirement)) &&
        isMarked(item, mark) &&
        words.every((word) => textOf(place).includes(word));
      item.hidden = !fits;
      shown += fits;
    });
    for (const stack of stacks) stack.hidden = !stack.querySelector(".item:not([hidden])");
    field("count").textContent = shown === items.length ? `${shown} shown` : `${shown} of ${items.length} shown`;
  };

  const lineOf = (number, text, id, kind) => {
    const line = document.createElement("span");
    const target = `${id}:${number}`;
    line.className = "line";
    line.id = target;
    const link = document.createElement("a");
    link.href = `#${encodeURI(target)}`;
    link.dataset.number = number;
    link.tabIndex = -1;
    link.setAttribute("aria-label", `line ${number}`);
    line.append(link);
    let end = 0;
    for (const match of kind === "file" ? [] : text.matchAll(TOKEN)) {
      const token = document.createElement("span");
      token.className = match[2] ? "key" : match[1] ? "string" : "value";
      token.textContent = match[1] ?? match[3];
      line.append(text.slice(end, match.index), token);
      end = match.index + token.textContent.length;
    }
    line.append(`${text.slice(end)}\n`);
    return line;
  };

  // Once opened, a source has numbers: those of the file that it stands in.
  const number = (item) => {
    const source = item.querySelector(".source");
    const first = Number(source.dataset.line);
    if (!first || source.dataset.numbered) return;
    source.dataset.numbered = "yes";
    const lines = source.textContent.split("\n");
    source.replaceChildren(...lines.map((text, place) => lineOf(first + place, text, item.id, source.dataset.kind)));
  };

  const reveal = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const line = /^(.*):(\d+)$/.exec(id);
    const item = document.getElementById(line ? line[1] : id);
    if (!item) return;
    if (item.closest("[hidden]")) {
      form.reset();
      apply();
    }
    for (let each = item; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    if (item.classList.contains("item")) number(item);
    document.querySelectorAll(".target").forEach((each) => each.classList.remove("target"));
    const target = document.getElementById(id) ?? item;
    target.classList.add("target");
    target.scrollIntoView({ block: line ? "center" : "start" });
    (item.querySelector(":scope > summary") ?? item).focus({ preventScroll: true });
  };

  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  field("open").addEventListener("click", () => items.forEach((item) => item.hidden || (item.open = true)));
  field("close").addEventListener("click", () => items.forEach((item) => (item.open = false)));
  document.addEventListener("toggle", ({ target }) => target.open && target.matches(".item") && number(target), true);
  window.addEventListener("hashchange", reveal);

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-requirement]");
    const link = target.closest("a[href^='#']");
    if (button) {
      form.reset();
      field("requirement").value = button.dataset.requirement;
      apply();
      location.hash = "resources";
      field("requirement").focus({ preventScroll: true });
    } else if (link && link.hash === location.hash) reveal();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select, textarea")) return;
    event.preventDefault();
    field("text").focus();
    field("text").select();
  });

  // The lines of the stack that the pointer or the focus is on.
  for (const node of document.querySelectorAll("[data-node]")) {
    const name = node.dataset.node;
    const lines = [...document.querySelectorAll(".edge")].filter((edge) => [edge.dataset.start, edge.dataset.end].includes(name));
    const mark = (on) => () => lines.forEach((edge) => edge.classList.toggle("on", on));
    for (const event of ["pointerenter", "focus"]) node.addEventListener(event, mark(true));
    for (const event of ["pointerleave", "blur"]) node.addEventListener(event, mark(false));
  }

  apply();
  reveal();
})();
