// Marks the stretch that the fragment names, #start-end in characters of the plan's text, and scrolls to it.
const mark = () => {
  const found = /^#(\d+)-(\d+)$/.exec(location.hash);
  document.querySelectorAll("mark").forEach((m) => { const p = m.parentElement; m.replaceWith(m.textContent); p.normalize(); });
  if (!found) return;
  const [start, end] = [Number(found[1]), Number(found[2])];
  for (const p of document.querySelectorAll("p[data-start]")) {
    const letters = Array.from(p.textContent);
    const [from, to] = [start - p.dataset.start, end - p.dataset.start];
    if (from < 0 || from >= letters.length) continue;
    const cited = Object.assign(document.createElement("mark"), { textContent: letters.slice(from, to).join("") });
    p.replaceChildren(letters.slice(0, from).join(""), cited, letters.slice(to).join(""));
    cited.scrollIntoView();
    return;
  }
};
addEventListener("hashchange", mark);
mark();
