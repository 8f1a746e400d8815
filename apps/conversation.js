// The panel of candidates: the text of the one that is pressed is kept for the click that the page is told of.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button.word");
  if (!button) return;
  window.nlpGru.picked = button.textContent;
  trigger("pick");
});
