namespace Forewarn.Hosting;

/// <summary>What this process uses.</summary>
/// <param name="Cpu">Share of all processors since the last reading, 0 to 1; NaN at first.</param>
/// <param name="WorkingSet">Bytes.</param>
/// <param name="Heap">Bytes of the managed heap after the last collection, fragments included.</param>
/// <param name="CollectionsPerSecond">Since the last reading; NaN at first.</param>
/// <param name="QueuedWork">Items that wait for a thread of the pool.</param>
readonly record struct ProcessReading(double Cpu, double WorkingSet, double Heap, double CollectionsPerSecond, double QueuedWork);

sealed class ProcessFigures(TimeProvider time)
{
    long _timestamp;
    TimeSpan _cpu;
    int _collections;

    public ProcessReading Read()
    {
        var (timestamp, cpu, collections) = (time.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.CollectionCount(0));
        var seconds = _timestamp == 0 ? double.NaN : time.GetElapsedTime(_timestamp, timestamp).TotalSeconds;
        var reading = new ProcessReading(
            (cpu - _cpu).TotalSeconds / (seconds * Environment.ProcessorCount),
            Environment.WorkingSet,
            GC.GetGCMemoryInfo().HeapSizeBytes,
            (collections - _collections) / seconds,
            ThreadPool.PendingWorkItemCount);
        (_timestamp, _cpu, _collections) = (timestamp, cpu, collections);
        return reading;
    }
}
