using System.CommandLine;

namespace Forewarn.Launcher.Commands;

/// <summary>Verbs for who works on Forewarn: they need the checkout, the SDK and Node.</summary>
static class Development
{
    public static Command[] Commands() =>
        [TestCommand.Create(), TestCommand.CreateCheck(), TestCommand.CreateFix(), DocsCommand.Create(), PublishCommand.Create()];
}
