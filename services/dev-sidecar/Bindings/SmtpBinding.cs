using System.Globalization;
using System.Net.Sockets;
using System.Text;
using DevSidecar.Components;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace DevSidecar.Bindings;

/// <summary>
/// <c>bindings.smtp</c>, able to do what Dapr's can and no more: one HTML body, addresses separated by ';', subject,
/// priority. It does not repeat Dapr's mistake of letting a call's fields leak into the next call; where daprd would
/// send something else because of that, it warns.
/// </summary>
sealed class SmtpBinding : IOutputBinding
{
    static readonly string[] Fields = ["emailFrom", "emailTo", "emailCC", "emailBCC", "subject"];

    readonly ComponentMetadata _metadata;
    readonly ILogger _logger;
    readonly string _host;
    readonly int _port;
    readonly HashSet<string> _setEarlier = new(StringComparer.OrdinalIgnoreCase);

    public SmtpBinding(ComponentMetadata metadata, ILogger logger)
    {
        (_metadata, _logger) = (metadata, logger);
        _host = metadata.Required("host");
        _port = metadata.Number("port", 0);
        if (_port is <= 0 or > 65535)
        {
            throw metadata.Error("port", "is required and must be between 1 and 65535");
        }

        if (metadata["user"] is null != metadata["password"] is null)
        {
            throw metadata.Error("user", "and 'password' must be set both or not at all");
        }
    }

    public IReadOnlyList<string> Operations { get; } = ["create"];

    public async Task<BindingAnswer> InvokeAsync(BindingCall call, CancellationToken cancellationToken)
    {
        WarnOfLeftOutFields(call.Metadata);
        using var message = Compose(call);
        using var client = new SmtpClient();
        if (_metadata.Flag("skipTLSVerify"))
        {
#pragma warning disable CA5359 // exactly what the component's skipTLSVerify asks for
            client.ServerCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        try
        {
            await client.ConnectAsync(_host, _port, _port == 465 ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable, cancellationToken);
            if (_metadata["user"] is { } user)
            {
                await client.AuthenticateAsync(user, _metadata["password"]!, cancellationToken);
            }

            await client.SendAsync(message, cancellationToken);
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or IOException or SmtpCommandException or SmtpProtocolException or AuthenticationException
            or SslHandshakeException or MailKit.ServiceNotAuthenticatedException or NotSupportedException)
        {
            throw new BindingException($"mail through {_host}:{_port} failed: {e.Message}", e);
        }

        return BindingAnswer.Empty;
    }

    MimeMessage Compose(BindingCall call)
    {
        var message = new MimeMessage();
        message.From.AddRange(Addresses(call, "emailFrom"));
        message.To.AddRange(Addresses(call, "emailTo"));
        message.Cc.AddRange(Addresses(call, "emailCC"));
        message.Bcc.AddRange(Addresses(call, "emailBCC"));
        message.Subject = Field(call, "subject") ?? "";
        if (message.From.Count == 0 || message.To.Count == 0 || message.Subject.Length == 0)
        {
            message.Dispose();
            throw new BindingException("emailFrom, emailTo and subject are required, in the component or in the call");
        }

        message.Headers.Add("X-Priority", Priority(call).ToString(CultureInfo.InvariantCulture));
        var text = Encoding.UTF8.GetString(call.Data.Span);
        message.Body = new TextPart("html") { Text = GoString.Unquote(text) ?? text };
        return message;
    }

    int Priority(BindingCall call)
    {
        var text = Field(call, "priority") ?? "3";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var priority) && priority is >= 1 and <= 5
            ? priority
            : throw new BindingException($"priority '{text}' must be between 1 and 5");
    }

    IEnumerable<InternetAddress> Addresses(BindingCall call, string field)
    {
        foreach (var text in (Field(call, field) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            yield return MailboxAddress.TryParse(text, out var address)
                ? address
                : throw new BindingException($"{field}: '{text}' is not an e-mail address");
        }
    }

    string? Field(BindingCall call, string name) => call.Metadata.TryGetValue(name, out var value) && value.Length > 0 ? value : _metadata[name];

    void WarnOfLeftOutFields(IReadOnlyDictionary<string, string> metadata)
    {
        lock (_setEarlier)
        {
            foreach (var field in Fields)
            {
                if (metadata.ContainsKey(field))
                {
                    _setEarlier.Add(field);
                }
                else if (_setEarlier.Contains(field))
                {
                    Log.BindingFieldLeftOut(_logger, _metadata.Definition.Name, field);
                }
            }
        }
    }
}
