// Unpacks plotly.js, which the file holds in a third of its size, and draws each figure where it stands.
const drawn = async () => {
  const packed = Uint8Array.from(atob(document.getElementById("library").textContent), (sign) => sign.charCodeAt(0))
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))
  const script = document.createElement("script")
  script.textContent = await new Response(stream).text()
  document.head.append(script)
  for (const node of document.querySelectorAll(".plot")) {
    const { data, layout } = JSON.parse(node.nextElementSibling.textContent)
    // The next figure does not wait for this one's neighbours to be asked.
    await window.Plotly.newPlot(node, data, { ...layout, autosize: true }, { responsive: true, displaylogo: false })
  }
  document.documentElement.dataset.drawn = ""
}
const tell = () => {
  const words = document.createElement("p")
  words.className = "failed"
  words.textContent = "The figures cannot be drawn: this browser is too old. All figures that are numbers stand in the tables."
  document.querySelector("h1").after(words)
}
drawn().catch(tell)
