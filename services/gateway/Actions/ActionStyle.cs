namespace Forewarn.Gateway.Actions;

/// <summary>How the pages behind links look; as a file, because the policy of this gateway allows no style within a page.</summary>
static class ActionStyle
{
    /// <summary>No link of ours is named like this: they hold a signature.</summary>
    public const string Path = "/act/page.css";

    public static IResult Send(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=3600";
        return Results.Text(Sheet, "text/css; charset=utf-8");
    }

    const string Sheet = """
        :root { color-scheme: light dark; --ground: #f2f4f7; --card: #fff; --line: #d5dbe5; --text: #1d2939; --quiet: #5d6b82; --link: #175cd3; }
        @media (prefers-color-scheme: dark) { :root { --ground: #0f1419; --card: #1b222c; --line: #313b49; --text: #e6eaf0; --quiet: #a3b0c2; --link: #84b6ff; } }
        body { margin: 0; padding: 24px 12px; background: var(--ground); color: var(--text); font: 16px/24px system-ui, sans-serif; }
        main { max-width: 560px; margin: 0 auto; padding: 20px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
        h1 { margin: 0 0 16px; font-size: 22px; line-height: 28px; }
        .incident { padding-left: 12px; border-left: 4px solid var(--line); overflow-wrap: anywhere; }
        .incident p { margin: 0 0 4px; }
        .state { color: var(--quiet); font-size: 14px; }
        .entity { font-weight: 600; }
        label { display: block; margin: 16px 0; color: var(--quiet); font-size: 14px; }
        input { display: block; box-sizing: border-box; width: 100%; margin-top: 4px; padding: 10px; font: inherit; font-size: 16px; color: var(--text); background: var(--ground); border: 1px solid var(--line); border-radius: 6px; }
        button { padding: 11px 18px; font: inherit; font-weight: 600; color: #fff; background: #175cd3; border: 0; border-radius: 6px; cursor: pointer; }
        a { color: var(--link); }
        :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
        """;
}
