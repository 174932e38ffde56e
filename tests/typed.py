"""Texts that somebody may type as a name, and that something or other would take for mark-up."""

ADDRESS = "127.0.0.1:9"
"""Where nobody listens: a browser that asks there was told to by somebody's text."""
PICTURE = f"![x](http://{ADDRESS}/p.png)"
TYPED = (
    PICTURE,
    f"[x](http://{ADDRESS}/) <http://{ADDRESS}/> http://{ADDRESS}/a",
    "www.example.invalid HTTPS://example.invalid a@b.example mailto:a@b.example xmpp:a@b.example",
    f"<img src=http://{ADDRESS}/p.png> <b>x</b> &amp; &#33;",
    f"[^1] [x]: http://{ADDRESS}/",
    ":red[x] :material/home: :material_home: :streamlit: :smile: :+1: :small[y] :help[z] :color[w]{foreground=red}",
    *("::leaf[x]{a=b}", ":::container", "x:y:z", "@@@", ":::::", ":color[", "www.www.www.", "[ ] task", "[x] task"),
    "a -> b <- c <-> d -- e >= f <= g ~= h --> i",
    *("->", "<-", "--", ">=", "~=", "-->", "--- x", "---", "===", "# x", "> x", "- x", "1. x", "2) x", "+ x", "* x"),
    *("**x** __y__ *z* _w_ `v` $x^2$ $$y$$", "```x```", "~~x~~ ~x~", "| a | b |", "    x y", "a\nb"),
    *("\\!\\[", "\\", "x\\", "(x)", "[", "]", "''\"\"", "=1+1", "a\x00b\x1b[31m", "日本語 \u202e x"),
    "<a href='javascript:alert(1)'>x</a>",
    "%{customdata[0]} %{y} $x$",
)
