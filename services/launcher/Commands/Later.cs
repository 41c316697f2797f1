using System.CommandLine;

namespace Forewarn.Launcher.Commands;

static class DoctorCommand
{
    public static Command Create() => new("doctor");
}

static class TestCommand
{
    public static Command Create() => new("test");

    public static Command CreateCheck() => new("check");
}

static class FixCommand
{
    public static Command Create() => new("fix");
}

static class DocsCommand
{
    public static Command Create() => new("docs");
}
