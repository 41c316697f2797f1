using System.Diagnostics;
using System.Globalization;

namespace Forewarn.Ingestion.Tests;

/// <summary>
/// Every parser against mutated inputs. <c>FOREWARN_FUZZ_INPUTS</c> says how many of each, <c>FOREWARN_FUZZ_SEED</c> which, <c>FOREWARN_FUZZ_PARSER</c> of which alone; by night
/// <c>tests/fuzz.sh</c> runs ten million with a seed of the day.
/// </summary>
public sealed class FuzzTests
{
    const int Usually = 200_000;

    /// <summary>One input of 4 KiB may not take more, whatever it says of itself.</summary>
    const long MostBytes = 256L * 1024 * 1024;

    /// <summary>An input that takes so long will not end; by far more than a slow machine needs.</summary>
    static readonly TimeSpan _hung = TimeSpan.FromMinutes(2);

    static readonly IFuzzTarget[] _targets =
    [
        .. typeof(FuzzTests).Assembly.GetTypes().Where(type => type is { IsInterface: false } && type.IsAssignableTo(typeof(IFuzzTarget)))
            .Select(type => (IFuzzTarget)Activator.CreateInstance(type)!).OrderBy(target => target.Name, StringComparer.Ordinal),
    ];

    public static TheoryData<string> Names
    {
        get
        {
            var only = Environment.GetEnvironmentVariable("FOREWARN_FUZZ_PARSER");
            return [.. _targets.Select(target => target.Name).Where(name => string.IsNullOrEmpty(only) || name == only)];
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task No_input_makes_a_parser_throw_hang_or_take_memory_without_measure(string name)
    {
        var target = _targets.Single(one => one.Name == name);
        var run = new FuzzRun(target, Setting("FOREWARN_FUZZ_SEED", 20261128), MostBytes);
        var running = Task.Factory.StartNew(() => run.Go(Setting("FOREWARN_FUZZ_INPUTS", Usually)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        for (var done = -1L; await Task.WhenAny(running, Task.Delay(_hung, TestContext.Current.CancellationToken)) != running; done = run.Done)
            run.Done.ShouldNotBe(done, $"{name} hangs at input {run.Done}: {Convert.ToBase64String(run.Input)}");
        await running;
    }

    static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    sealed class FuzzRun(IFuzzTarget target, int seed, long mostBytes)
    {
        long _done;

        public long Done => Interlocked.Read(ref _done);

        public byte[] Input { get; private set; } = [];

        public void Go(int inputs)
        {
            var mutator = new Mutator(target, seed);
            for (var i = 0; i < inputs; i++)
            {
                var input = mutator.Next();
                Input = input.ToArray();
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    target.Run(input);
                }
                catch (Exception thrown)
                {
                    throw new UnreachableException($"{target.Name} throws at input {i} of seed {seed}: {Convert.ToBase64String(Input)}", thrown);
                }
                var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                allocated.ShouldBeLessThan(mostBytes, $"{target.Name} at input {i} of seed {seed}: {Convert.ToBase64String(Input)}");
                Interlocked.Increment(ref _done);
            }
        }
    }
}
