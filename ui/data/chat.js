// Copies a reference, and leads from a mark in an answer to the card of its citation.
(() => {
  const copy = (text) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    return Promise.resolve();
  };
  const lead = (id) => {
    const mark = document.getElementById(id);
    if (!mark) return;
    const sheet = mark.closest(".sheet");
    sheet.parentElement.querySelectorAll(".sheet").forEach((s) => s.classList.toggle("shown", s === sheet));
    sheet.parentElement.classList.add("choosing");
    const card = mark.closest(".card");
    card.scrollIntoView({ behavior: "smooth", block: "nearest" });
    card.classList.remove("lit");
    void card.offsetWidth;
    card.classList.add("lit");
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    const link = event.target.closest('a[href*="#cite-"]');
    if (button) {
      const label = button.textContent;
      copy(button.dataset.copy).then(() => {
        button.textContent = "已复制 Copied";
        setTimeout(() => { button.textContent = label; }, 1500);
      });
    } else if (link) {
      event.preventDefault();
      event.stopPropagation();
      lead(link.getAttribute("href").split("#")[1]);
    }
  }, true);
})();
