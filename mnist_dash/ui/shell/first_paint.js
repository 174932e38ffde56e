// Where somebody has folded the sidebar or drawn it wider, Streamlit remembers it in the browser.
try {
  const folded = Object.entries(localStorage).some(([key, value]) => key.startsWith("stSidebarCollapsed") && value === "true")
  const width = folded ? 0 : Number.parseInt(localStorage.getItem("sidebarWidth") ?? "300", 10)
  document.documentElement.style.setProperty("--mnist-dash-sidebar", `${width}px`)
} catch {
  // A browser that keeps nothing has the sidebar as it is for everybody.
}
