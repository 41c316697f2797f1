using System.Numerics;

namespace Forewarn.Trainer;

/// <summary>An alarm while three of the last five rows were beyond a limit: the debounce that the baselines share.</summary>
struct ThreeOfFive
{
    uint _recent;

    public bool Take(bool beyond)
    {
        _recent = ((_recent << 1) | (beyond ? 1u : 0)) & 0b11111;
        return BitOperations.PopCount(_recent) >= 3;
    }
}
