// Copies a reference or an answer as it is read (Gradio's own button copies Markdown), and leads from a mark in an answer to the card of its citation.
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
    sheet.parentElement.querySelectorAll(".sheet").forEach((s) => { s.style.display = s === sheet ? "block" : "none"; });
    const card = mark.closest(".card");
    card.scrollIntoView({ behavior: "smooth", block: "nearest" });
    card.classList.remove("lit");
    void card.offsetWidth;
    card.classList.add("lit");
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    const tool = event.target.closest("#chat .message-buttons .icon-button");
    const link = event.target.closest('a[href*="#cite-"]');
    if (button) {
      const label = button.textContent;
      copy(button.dataset.copy).then(() => {
        button.textContent = "已复制 Copied";
        setTimeout(() => { button.textContent = label; }, 1500);
      });
    } else if (tool && tool === tool.parentElement.querySelector(".icon-button")) {
      event.stopPropagation();
      copy(tool.closest(".message-buttons").previousElementSibling.querySelector(".message-content").innerText.trim());
      tool.classList.add("copied");
      setTimeout(() => tool.classList.remove("copied"), 1500);
    } else if (link) {
      event.preventDefault();
      event.stopPropagation();
      lead(link.getAttribute("href").split("#")[1]);
    }
  }, true);
})();
