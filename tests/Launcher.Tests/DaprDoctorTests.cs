using System.Net;
using System.Net.Sockets;
using DevSidecar;
using Forewarn.Launcher.Docs;
using Forewarn.Launcher.Doctor;

namespace Forewarn.Launcher.Tests;

/// <summary>The doctor on a machine that is made up: a script for the Dapr CLI, listeners for servers, a checkout in a temporary folder.</summary>
public sealed class DaprDoctorTests : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("forewarn-doctor-").FullName;
    readonly List<TcpListener> _listeners = [];
    readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    readonly int _appPort = FreePorts.Next(), _metricsPort = FreePorts.Next();

    public DaprDoctorTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, "components"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "components"), "*.yaml"))
            File.Copy(file, Path.Combine(_root, "components", Path.GetFileName(file)));
        Directory.CreateDirectory(Path.Combine(_root, "services", "probe"));
        File.WriteAllText(
            Path.Combine(_root, "dapr.yaml"),
            $"version: 1\napps:\n- appID: probe\n  appDirPath: ./services/probe\n  appPort: {_appPort}\n  metricsPort: {_metricsPort}\n  command: [probe]\n");
        _environment["PATH"] = Path.Combine(_root, "programs");
        foreach (var name in new[] { "GATEWAY__PORT", "INGESTION__PORT", "INGESTION__OTLP__GRPCPORT", "INGESTION__OTLP__HTTPPORT" })
            _environment[name] = $"{FreePorts.Next()}";
    }

    public void Dispose()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task On_an_empty_machine_everything_is_missing_and_every_line_says_what_to_do()
    {
        var findings = await ExamineAsync();

        string[] needed =
        [
            "Dapr CLI", "placement", "scheduler", "KAFKA_BROKERS", "FOREWARN_STATE_CONNECTION", "FOREWARN_MODEL_STORE", "FOREWARN_TRAIN_SCHEDULE",
            "Kafka", "PostgreSQL for history", "PostgreSQL for state", "model store",
        ];
        findings.Where(finding => finding.Verdict == Verdict.Missing).Select(finding => finding.What).Except(PlatformSettings.NotificationDefaults.Keys).Order(StringComparer.Ordinal).ShouldBe(needed.Order(StringComparer.Ordinal));
        foreach (var (name, value) in PlatformSettings.NotificationDefaults)
            findings.Single(finding => finding.What == name).ShouldSatisfyAllConditions(
                finding => finding.Verdict.ShouldBe(Verdict.Missing), finding => finding.Remedy.ShouldBe($"export {name}={value}"));
        findings.Where(finding => finding.Verdict != Verdict.Good).ShouldAllBe(finding => finding.Remedy.Length > 0);
        findings.Single(finding => finding.What == "FOREWARN_TRAIN_SCHEDULE").Found.ShouldContain("train-schedule");
        findings.Single(finding => finding.What == "KAFKA_BROKERS").Found.ShouldBe("not set, for components alerts, broadcast, telemetry");
    }

    [Fact]
    public async Task Where_everything_is_there_nothing_is_missing()
    {
        FakeDapr("CLI version: 1.18.0 \nRuntime version: 1.18.3");
        SetEverything();

        var findings = await ExamineAsync(Listen(), Listen());

        // PostgreSQL is a listener that speaks no SQL here; PostgresConnectionTests ask a real one.
        findings.Where(finding => finding.Verdict == Verdict.Missing).ShouldAllBe(finding => finding.What.StartsWith("PostgreSQL", StringComparison.Ordinal));
        findings.Single(finding => finding.What == "Dapr runtime").Found.ShouldBe("1.18.3");
        findings.Single(finding => finding.What == "tokens").Verdict.ShouldBe(Verdict.Good);
        Directory.Exists(_environment["FOREWARN_MODEL_STORE"]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("CLI version: 1.14.1 \nRuntime version: 1.18.3", "Dapr CLI", "1.14.1")]
    [InlineData("CLI version: 1.18.0 \nRuntime version: 1.13.6", "Dapr runtime", "1.13.6")]
    [InlineData("CLI version: 1.18.0 \nRuntime version: n/a", "Dapr runtime", "not installed")]
    public async Task A_Dapr_that_is_old_or_half_installed_is_named(string says, string what, string found)
    {
        FakeDapr(says);

        var finding = (await ExamineAsync()).Where(finding => finding.What.StartsWith("Dapr", StringComparison.Ordinal)).Single(finding => finding.Verdict == Verdict.Missing);

        finding.What.ShouldBe(what);
        finding.Found.ShouldBe(found);
    }

    [Fact]
    public async Task Taken_ports_are_named_with_whose_they_would_be_and_who_has_them()
    {
        Listen(_metricsPort);

        var finding = (await ExamineAsync()).Single(finding => finding.What == "ports");

        finding.Verdict.ShouldBe(Verdict.Missing);
        finding.Found.ShouldContain($"{_metricsPort} (metricsPort of probe) is taken");
        if (OperatingSystem.IsLinux())
            finding.Found.ShouldContain($"process {Environment.ProcessId}");
    }

    [Fact]
    public async Task Each_broker_is_asked_and_nonsense_is_no_broker()
    {
        var (there, away) = (Listen(), FreePorts.Next());
        _environment["KAFKA_BROKERS"] = $"127.0.0.1:{there.Port}, 127.0.0.1:{away},nonsense";

        var findings = (await ExamineAsync()).Where(finding => finding.What == "Kafka").ToList();

        findings.Select(finding => finding.Verdict).ShouldBe([Verdict.Good, Verdict.Missing, Verdict.Missing]);
        findings[1].Found.ShouldStartWith($"127.0.0.1:{away}: ");
        findings[2].Found.ShouldContain("'nonsense'");
    }

    [Fact]
    public async Task What_may_be_empty_is_not_asked_for()
    {
        var findings = await ExamineAsync();

        foreach (var name in new[] { "FOREWARN_SMTP_USER", "FOREWARN_SMTP_PASSWORD", "FOREWARN_SLACK_AUTHORIZATION" })
            findings.Single(finding => finding.What == name).Verdict.ShouldBe(Verdict.Optional);
    }

    [Fact]
    public async Task An_unreadable_address_is_not_repeated_as_it_may_hold_a_password()
    {
        _environment["FOREWARN_STATE_CONNECTION"] = "host=127.0.0.1 port=many password=hush";
        _environment["ConnectionStrings__Forewarn"] = "Hast=127.0.0.1;Password=hush";

        var findings = (await ExamineAsync()).Where(finding => finding.What.StartsWith("PostgreSQL", StringComparison.Ordinal)).ToList();

        findings.ShouldAllBe(finding => finding.Verdict == Verdict.Missing && finding.Found.EndsWith("cannot be read", StringComparison.Ordinal));
        findings.ShouldAllBe(finding => !$"{finding}".Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_was_not_built_is_named_with_the_command_that_builds()
    {
        await File.WriteAllTextAsync(Path.Combine(_root, "services", "probe", "Probe.csproj"), "<Project/>", TestContext.Current.CancellationToken);

        var finding = (await ExamineAsync()).Single(finding => finding.What == "services");

        finding.Verdict.ShouldBe(Verdict.Missing);
        finding.Found.ShouldBe("Probe not built");
        finding.Remedy.ShouldContain("dotnet build");
    }

    [Fact]
    public async Task A_relative_model_store_would_be_another_folder_for_each_sidecar()
    {
        _environment["FOREWARN_MODEL_STORE"] = "models";

        (await ExamineAsync()).Single(finding => finding.What == "model store").Found.ShouldBe("models is relative");
    }

    void SetEverything()
    {
        var kafka = Listen();
        foreach (var variable in ComponentVariables.Read(Path.Combine(_root, "components")))
            _environment[variable.Name] = "something";
        _environment["KAFKA_BROKERS"] = kafka.ToString();
        _environment["FOREWARN_STATE_CONNECTION"] = "host=127.0.0.1 port=1 user=forewarn password=p dbname=forewarn";
        _environment["ConnectionStrings__Forewarn"] = "Host=127.0.0.1;Port=1;Username=forewarn;Password=p;Database=forewarn";
        _environment["FOREWARN_MODEL_STORE"] = Path.Combine(_root, "models");
        _environment["DAPR_API_TOKEN"] = _environment["APP_API_TOKEN"] = "token";
    }

    void FakeDapr(string says)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The stand-in for the Dapr CLI is a shell script.");
            return;
        }
        var program = Path.Combine(Directory.CreateDirectory(_environment["PATH"]).FullName, "dapr");
        File.WriteAllText(program, $"#!/bin/sh\n[ \"$1\" = --version ] && printf '%s\\n' '{says}'\n");
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
    }

    Task<IReadOnlyList<Finding>> ExamineAsync() => ExamineAsync(new("127.0.0.1", FreePorts.Next()), new("127.0.0.1", FreePorts.Next()));

    Task<IReadOnlyList<Finding>> ExamineAsync(Doctor.Endpoint placement, Doctor.Endpoint scheduler) =>
        new DaprDoctor(new Checkout(_root), _environment, new DaprControlPlane(placement, scheduler)).ExamineAsync(TestContext.Current.CancellationToken);

    Doctor.Endpoint Listen(int? port = null)
    {
        var listener = new TcpListener(IPAddress.Loopback, port ?? FreePorts.Next());
        listener.Start();
        _listeners.Add(listener);
        return new("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
    }
}
