// A field that narrows the list of workloads. Without scripts the page lacks it and nothing else.
(() => {
  const rows = [...document.querySelectorAll(".all tbody tr")];
  if (rows.length < 12) return;
  const texts = rows.map(row => row.textContent.toLowerCase());
  const label = document.createElement("label");
  const field = document.createElement("input");
  const count = document.createElement("span");
  field.type = "search";
  count.setAttribute("role", "status");
  label.append("Show those with ", field, " ", count);
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, i) => {
      row.hidden = !words.every(word => texts[i].includes(word));
      if (!row.hidden) shown++;
    });
    count.textContent = words.length ? shown + " of " + rows.length : "";
  });
  document.getElementById("filter").append(label);
})();
