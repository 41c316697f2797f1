using Forewarn.Alerting.Routing;

namespace Forewarn.Alerting.Notifications;

/// <summary>Who is told where nobody has configured anything: whoever reads standard output.</summary>
sealed class StandardReceivers : IReceivers
{
    public static readonly Receiver Console = new("console", [new ConsoleTarget()]);

    public Receiver? Find(string name) => name == Console.Name ? Console : null;
}
