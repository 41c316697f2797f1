using CsCheck;
using DevSidecar.Resiliency;

namespace DevSidecar.Tests;

public sealed class CircuitBreakerTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static readonly Gen<BreakerRule> Rules = Gen.Select(Gen.Long[1, 3], Gen.Int[0, 5], Gen.Int[1, 5], Gen.Long[0, 3]).Select((max, interval, timeout, trips) =>
        new BreakerRule("cb", max, TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(timeout), c => c.ConsecutiveFailures > trips));

    [Fact]
    public void It_opens_refuses_is_tried_once_and_closes()
    {
        var rule = new BreakerRule("cb", 1, TimeSpan.Zero, TimeSpan.FromSeconds(10), c => c.ConsecutiveFailures > 1);
        var status = CircuitBreaker.Start(rule, Start);
        status = Call(status, rule, success: false, Start);
        status.State.ShouldBe(BreakerState.Closed);
        status = Call(status, rule, success: false, Start);
        status.State.ShouldBe(BreakerState.Open);
        CircuitBreaker.Enter(status, rule, Start.AddSeconds(10)).Admitted.ShouldBeFalse();
        var later = Start.AddSeconds(11);
        (status, var admitted) = CircuitBreaker.Enter(status, rule, later);
        admitted.ShouldBeTrue();
        status.State.ShouldBe(BreakerState.HalfOpen);
        CircuitBreaker.Enter(status, rule, later).Admitted.ShouldBeFalse("one trial at a time");
        CircuitBreaker.Leave(status, rule, status.Generation, success: false, later).State.ShouldBe(BreakerState.Open);
        CircuitBreaker.Leave(status, rule, status.Generation, success: true, later).State.ShouldBe(BreakerState.Closed);
    }

    [Fact]
    public void The_interval_forgets_failures()
    {
        var rule = new BreakerRule("cb", 1, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), c => c.TotalFailures > 1);
        var status = Call(CircuitBreaker.Start(rule, Start), rule, success: false, Start);
        Call(status, rule, success: false, Start.AddSeconds(4)).State.ShouldBe(BreakerState.Open);
        Call(status, rule, success: false, Start.AddSeconds(6)).State.ShouldBe(BreakerState.Closed);
    }

    /// <summary>Steps: begin a call, end the oldest or the newest one in flight well or badly, let time pass.</summary>
    [Fact]
    public void It_agrees_with_a_model_that_remembers_every_call() => Gen.Select(Rules, Gen.Int[0, 6].Array[0, 80]).Sample((rule, steps) =>
    {
        var (model, status, now) = (new Model(rule, Start), CircuitBreaker.Start(rule, Start), Start);
        var inFlight = new List<(long Generation, Model.Call Call)>();
        foreach (var step in steps)
        {
            if (step is 0 or 1)
            {
                (status, var admitted) = CircuitBreaker.Enter(status, rule, now);
                var call = model.Begin(now);
                if (admitted != call is not null)
                {
                    return false;
                }

                if (call is not null)
                {
                    inFlight.Add((status.Generation, call));
                }
            }
            else if (step < 6 && inFlight.Count > 0)
            {
                var at = step is 2 or 3 ? 0 : inFlight.Count - 1;
                var (generation, call) = inFlight[at];
                inFlight.RemoveAt(at);
                status = CircuitBreaker.Leave(status, rule, generation, success: step % 2 == 0, now);
                model.End(call, success: step % 2 == 0, now);
            }
            else
            {
                now += TimeSpan.FromSeconds(1);
            }

            // Time is noticed by looking: both look after every step.
            status = CircuitBreaker.At(status, rule, now);
            if (status.State != model.StateAt(now))
            {
                return false;
            }
        }

        return true;
    });

    [Theory]
    [InlineData("consecutiveFailures > 2", true)]
    [InlineData("requests >= 10 && totalFailures >= 5", false)]
    [InlineData("requests >= 10 && totalFailures >= 5 || consecutiveFailures == 3", true)]
    [InlineData("!(totalSuccesses != 4) && consecutiveSuccesses < 1 && 8 <= requests", true)]
    public void Trip_expressions_compare_counts(string text, bool trips) => TripExpression.Parse(text)(new(8, 4, 4, 0, 3)).ShouldBe(trips);

    [Theory]
    [InlineData("")]
    [InlineData("failures > 2")]
    [InlineData("requests")]
    [InlineData("requests > 2 &&")]
    [InlineData("(requests > 2")]
    [InlineData("requests > 2 requests")]
    [InlineData("totalFailures / 2.0 > 1.0")]
    [InlineData("requests % 2 == 0")]
    [InlineData("requests + > 2")]
    [InlineData("requests > 2 > 1")]
    [InlineData("!requests > 2")]
    [InlineData("(requests > 2) + 1 > 2")]
    [InlineData("1..2 > requests")]
    public void Other_expressions_are_refused(string text) => Should.Throw<FormatException>(() => TripExpression.Parse(text));

    static BreakerStatus Call(BreakerStatus status, BreakerRule rule, bool success, DateTimeOffset now)
    {
        (status, var admitted) = CircuitBreaker.Enter(status, rule, now);
        return admitted ? CircuitBreaker.Leave(status, rule, status.Generation, success, now) : status;
    }

    /// <summary>A breaker without counters: it keeps the period's calls and looks at all of them each time.</summary>
    sealed class Model(BreakerRule rule, DateTimeOffset start)
    {
        List<Call> _period = [];
        DateTimeOffset _since = start;
        BreakerState _state = BreakerState.Closed;
        int _clock;

        public BreakerState StateAt(DateTimeOffset now)
        {
            var length = _state switch { BreakerState.Open => rule.Timeout, BreakerState.Closed when rule.Interval > TimeSpan.Zero => rule.Interval, _ => TimeSpan.MaxValue };
            if (now - _since > length)
            {
                Turn(_state == BreakerState.Open ? BreakerState.HalfOpen : BreakerState.Closed, now);
            }

            return _state;
        }

        public Call? Begin(DateTimeOffset now)
        {
            if (StateAt(now) == BreakerState.Open || (_state == BreakerState.HalfOpen && _period.Count >= rule.MaxRequests))
            {
                return null;
            }

            var call = new Call();
            _period.Add(call);
            return call;
        }

        public void End(Call call, bool success, DateTimeOffset now)
        {
            StateAt(now);
            call.Ended = _clock++;
            call.Success = success;
            if (!_period.Contains(call))
            {
                return;
            }

            var newestFirst = _period.Where(c => c.Ended is not null).OrderByDescending(c => c.Ended).ToList();
            var failures = newestFirst.TakeWhile(c => !c.Success).Count();
            if (!success && (_state == BreakerState.HalfOpen || rule.Trips(new(0, 0, 0, 0, failures))))
            {
                Turn(BreakerState.Open, now);
            }
            else if (_state == BreakerState.HalfOpen && newestFirst.TakeWhile(c => c.Success).Count() >= rule.MaxRequests)
            {
                Turn(BreakerState.Closed, now);
            }
        }

        void Turn(BreakerState state, DateTimeOffset now) => (_state, _since, _period) = (state, now, []);

        public sealed class Call
        {
            public int? Ended { get; set; }

            public bool Success { get; set; }
        }
    }
}
