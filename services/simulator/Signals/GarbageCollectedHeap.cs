namespace Forewarn.Simulator;

/// <summary>A saw-tooth: grows with what is allocated, falls when its budget is used up.</summary>
sealed class GarbageCollectedHeap(Random random, double liveBytes, double budgetBytes)
{
    double _garbage;
    double _factor = 1;

    public double Bytes => liveBytes + _garbage;

    /// <summary>One second of allocation; returns the number of collections in it.</summary>
    public int Next(double allocatedBytes)
    {
        _garbage += allocatedBytes;
        var collections = 0;
        while (_garbage > budgetBytes * _factor)
        {
            _garbage -= budgetBytes * _factor;
            _factor = random.LogNormal(0.1);
            collections++;
        }
        return collections;
    }
}
