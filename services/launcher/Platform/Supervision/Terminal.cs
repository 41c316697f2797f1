using Spectre.Console;

namespace Forewarn.Launcher.Platform;

/// <summary>What the person at the terminal sees. Lines that come while a live display is drawn wait until it is done.</summary>
sealed class Terminal(IAnsiConsole console, TimeProvider time)
{
    /// <summary>Lines that one service may write to the terminal in ten seconds; the rest is in its log file.</summary>
    const int Burst = 8;

    static readonly TimeSpan BurstWindow = TimeSpan.FromSeconds(10);

    readonly Lock _gate = new();
    readonly List<string> _held = [];
    readonly Dictionary<string, (long Since, int Count)> _bursts = new(StringComparer.Ordinal);
    bool _holding;

    public IAnsiConsole Console => console;

    /// <summary>Set while stopping: what services say about each other going away is for their logs; incidents are still shown.</summary>
    public bool Muted { get; set; }

    public void Step(string text) => Write($"[grey]·[/] {Markup.Escape(text)}");

    public void Good(string text) => Write($"[green]✓[/] {Markup.Escape(text)}");

    public void Warn(string text) => Write($"[yellow]![/] {Markup.Escape(text)}");

    public void Bad(string text) => Write($"[red]✗[/] {Markup.Escape(text)}");

    public void Plain(string text) => Write(Markup.Escape(text));

    public void Raw(string markup) => Write(markup);

    /// <summary>A line of a service. Alerts always pass; warnings and errors pass until they become a flood.</summary>
    public void Service(string label, string line, LineClass kind)
    {
        if (kind == LineClass.Quiet)
            return;
        var style = kind switch { LineClass.Alert => "bold red", LineClass.Resolved => "green", LineClass.Detail => "grey", LineClass.Error => "red", _ => "yellow" };
        var shown = kind is LineClass.Alert or LineClass.Resolved or LineClass.Detail
            ? $"[{style}]{Markup.Escape(line)}[/]"
            : $"[{style}]{Markup.Escape(label)} |[/] {Markup.Escape(line)}";
        if (kind is LineClass.Alert or LineClass.Resolved or LineClass.Detail)
        {
            Write(shown);
            return;
        }
        if (Muted)
            return;
        switch (CountInWindow(label))
        {
            case <= Burst:
                Write(shown);
                break;
            case Burst + 1:
                Write($"[{style}]{Markup.Escape(label)} |[/] [grey]more of this is in its log[/]");
                break;
        }
    }

    /// <summary>Keeps lines back while <paramref name="draw"/> owns the terminal, then writes them.</summary>
    public async Task HoldWhileAsync(Func<Task> draw)
    {
        lock (_gate)
            _holding = true;
        try
        {
            await draw();
        }
        finally
        {
            lock (_gate)
            {
                _holding = false;
                foreach (var line in _held)
                    console.MarkupLine(line);
                _held.Clear();
            }
        }
    }

    int CountInWindow(string label)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var (since, count) = _bursts.GetValueOrDefault(label, (now, 0));
            if (time.GetElapsedTime(since, now) > BurstWindow)
                (since, count) = (now, 0);
            _bursts[label] = (since, count + 1);
            return count + 1;
        }
    }

    void Write(string markup)
    {
        lock (_gate)
        {
            if (_holding)
                _held.Add(markup);
            else
                console.MarkupLine(markup);
        }
    }
}
