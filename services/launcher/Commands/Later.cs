using System.CommandLine;

namespace Forewarn.Launcher.Commands;

static class TestCommand
{
    public static Command Create() => new("test");

    public static Command CreateCheck() => new("check");
}

static class FixCommand
{
    public static Command Create() => new("fix");
}
