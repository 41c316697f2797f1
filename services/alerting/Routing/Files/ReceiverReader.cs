using System.Net.Mail;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Routing;

/// <summary>Reads who is told, and by what.</summary>
static class ReceiverReader
{
    static readonly string[] Channels = ["console", "email", "slack", "webhook", "alertmanager", "binding"];

    public static Receiver Read(YamlMap node)
    {
        var name = ConfigNames.Own(node);
        Target?[] targets =
        [
            Console(node), Email(node.Map("email")), Slack(node.Map("slack")), Webhook(node.Map("webhook")), Alertmanager(node.Map("alertmanager")), Binding(node.Map("binding")),
        ];
        node.RefuseOthers();
        if (!Channels.Any(node.Has))
            node.Mistake("name", $"'{name}' has no channel; give it one or more of {string.Join(", ", Channels)}");
        return new Receiver(name, [.. targets.OfType<Target>()]);
    }

    static ConsoleTarget? Console(YamlMap node)
    {
        var text = node.Text("console");
        if (!node.Has("console"))
            return null;
        if (text is not ("true" or "True" or "TRUE"))
            node.Mistake("console", "must be true; leave it out otherwise");
        return new ConsoleTarget();
    }

    static EmailTarget? Email(YamlMap? node)
    {
        if (node is null)
            return null;
        var target = new EmailTarget(Component(node), Address(node, "from"), Addresses(node, "to"), Addresses(node, "cc"));
        if (!node.Has("to"))
            node.Mistake("to", "is missing");
        node.RefuseOthers();
        return target;
    }

    static SlackTarget? Slack(YamlMap? node)
    {
        if (node is null)
            return null;
        var target = new SlackTarget(Component(node), node.Text("conversation"));
        if (target.Conversation?.Any(c => !char.IsAsciiLetterOrDigit(c)) == true)
            node.Mistake("conversation", $"must be the id of a conversation, such as C0123ABCD, not '{target.Conversation}'");
        node.RefuseOthers();
        return target;
    }

    static WebhookTarget? Webhook(YamlMap? node)
    {
        if (node is null)
            return null;
        var target = new WebhookTarget(Component(node), node.Text("path") ?? "", node.Text("secretVariable")) { Format = Format(node) };
        if (target.SecretVariable is { } variable && (char.IsAsciiDigit(variable[0]) || variable.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_')))
            node.Mistake("secretVariable", "must be the name of an environment variable; the secret itself does not belong into this file");
        node.RefuseOthers();
        return target;
    }

    static WebhookFormat Format(YamlMap node)
    {
        var text = node.Text("format");
        if (text is not (null or "forewarn" or "alertmanager"))
            node.Mistake("format", $"must be forewarn or alertmanager, not '{text}'");
        return text == "alertmanager" ? WebhookFormat.Alertmanager : WebhookFormat.Forewarn;
    }

    static AlertmanagerTarget? Alertmanager(YamlMap? node)
    {
        if (node is null)
            return null;
        var target = new AlertmanagerTarget(Component(node));
        node.RefuseOthers();
        return target;
    }

    static BindingTarget? Binding(YamlMap? node)
    {
        if (node is null)
            return null;
        var target = new BindingTarget(Component(node), node.Text("operation") ?? "create", node.Pairs("metadata"));
        node.RefuseOthers();
        return target;
    }

    static string Component(YamlMap node) => node.Required("binding");

    static string Address(YamlMap node, string name)
    {
        var text = node.Required(name);
        if (text.Length > 0 && !IsAddress(text))
            node.Mistake(name, $"must be an address such as ops@example.com, not '{text}'");
        return text;
    }

    static List<string> Addresses(YamlMap node, string name)
    {
        var texts = node.Texts(name);
        foreach (var bad in texts.Where(text => !IsAddress(text.Value)))
            node.Mistake(bad, $"must be an address such as ops@example.com, not '{bad.Value}'");
        return [.. texts.Select(text => text.Value)];
    }

    // A name beside the address would need quoting that the binding does not do.
    static bool IsAddress(string text) => MailAddress.TryCreate(text, out var address) && address.Address == text;
}
