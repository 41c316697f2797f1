using System.Security.Cryptography;
using System.Text;

namespace DevSidecar.Admin;

/// <summary>What all admin pages share. Style and script are inline and allowed by their hash; nothing else runs or loads.</summary>
static class AdminLayout
{
    const string Style = """
        :root{color-scheme:light dark;--bg:#fbfbfa;--fg:#1c1d1f;--dim:#5f6368;--line:#dcdddf;--card:#fff;--link:#0b57d0;--good:#137333;--warn:#945700;--bad:#b3261e}
        @media (prefers-color-scheme:dark){:root{--bg:#141517;--fg:#e6e7e9;--dim:#a0a4aa;--line:#33363b;--card:#1c1e21;--link:#8ab4f8;--good:#81c995;--warn:#f2b76a;--bad:#f28b82}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
        header,main{max-width:70rem;margin:0 auto;padding:.75rem 1rem}
        header{display:flex;gap:1rem;align-items:baseline;flex-wrap:wrap}
        header a{font-weight:600;font-size:1.1rem;color:inherit;text-decoration:none}
        #live,.dim{color:var(--dim)}
        h1{font-size:1.2rem;overflow-wrap:anywhere;margin:.5rem 0}
        h2{font-size:1rem;margin:1.5rem 0 .4rem}
        a{color:var(--link)}
        table{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line);border-radius:6px}
        th,td{text-align:left;padding:.35rem .6rem;border-top:1px solid var(--line);vertical-align:top;font-variant-numeric:tabular-nums}
        td>div{max-width:18rem;overflow-wrap:break-word}td>div:has(pre){max-width:none}
        th{white-space:nowrap;border-top:0;color:var(--dim);font-weight:500}
        pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.45 ui-monospace,monospace}
        td pre{max-height:9rem;overflow:auto}
        .good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
        form{display:inline}
        button{white-space:nowrap;margin:0 0 .3rem;font:inherit;padding:.2rem .7rem;border:1px solid var(--line);border-radius:5px;background:var(--card);color:var(--link);cursor:pointer}
        button.bad{color:var(--bad)}
        nav{display:flex;gap:1rem;margin:.6rem 0}
        @media (max-width:640px){
        table,tbody,tr,td{display:block}thead{display:none}
        tr{border-top:1px solid var(--line);padding:.4rem 0}tr:first-child{border-top:0}
        td{border:0;padding:.1rem .7rem;display:flex;gap:.6rem}
        td::before{content:attr(data-name);color:var(--dim);flex:0 0 6.5rem}
        td>div{min-width:0;max-width:none;overflow-wrap:anywhere}}
        """;

    /// <summary>Asks for the page again every two seconds while it is seen and nobody has the focus inside; asks before what cannot be undone.</summary>
    const string Script = """
        const live = document.getElementById('live');
        setInterval(async () => {
          const main = document.querySelector('main');
          if (document.hidden || main.contains(document.activeElement) || !getSelection().isCollapsed) return;
          try {
            const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
            const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
            main.innerHTML = page.querySelector('main').innerHTML;
            live.textContent = 'live';
          } catch { live.textContent = 'the sidecar does not answer'; }
        }, 2000);
        document.addEventListener('submit', e => {
          const question = e.target.dataset.confirm;
          if (question && !confirm(question)) e.preventDefault();
        });
        """;

    /// <summary>No <c>no-referrer</c>: with it browsers send <c>Origin: null</c> with our own forms.</summary>
    public static IReadOnlyList<(string Name, string Value)> Headers { get; } =
    [
        ("Content-Security-Policy",
            $"default-src 'none'; style-src {Hash(Style)}; script-src {Hash(Script)}; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ];

    public static string Page(string title, HtmlWriter body) =>
        $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>{System.Text.Encodings.Web.HtmlEncoder.Default.Encode(title)}</title><style>{Style}</style></head>
        <body><header><a href="/">dev-sidecar</a><span id="live" role="status">live</span></header>
        <main>{body}</main>
        <script>{Script}</script></body>
        </html>
        """;

    public static string Error(string message) => Page("dev-sidecar", new HtmlWriter().Add($"""<p class="bad" role="alert">{message}.</p><p><a href="/">back</a></p>"""));

    /// <summary>A table whose cells know their column, for narrow screens where they are stacked.</summary>
    public static HtmlWriter Table<T>(IReadOnlyCollection<T> rows, string empty, params IReadOnlyList<(string Name, Func<T, HtmlWriter> Cell)> columns)
    {
        var html = new HtmlWriter();
        if (rows.Count == 0)
        {
            return html.Add($"""<p class="dim">{empty}</p>""");
        }

        html.Add($"<table><thead><tr>");
        foreach (var (name, _) in columns)
        {
            html.Add($"<th scope=\"col\">{name}</th>");
        }

        html.Add($"</tr></thead><tbody>");
        foreach (var row in rows)
        {
            html.Add($"<tr>");
            foreach (var (name, cell) in columns)
            {
                html.Add($"<td data-name=\"{name}\"><div>{cell(row)}</div></td>");
            }

            html.Add($"</tr>");
        }

        return html.Add($"</tbody></table>");
    }

    static string Hash(string source) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(source)))}'";
}
