using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Forewarn.Gateway.Exposition;

/// <summary>
/// Writes the text, block by block. Samples carry no time of their own: Prometheus would take each series for one that may pause, and show
/// its last value for five minutes after the entity is gone; and an entity that ticks slower than it is scraped would be told twice for one instant.
/// When a tick was measured is a family of its own.
/// </summary>
sealed class ExpositionText(PipeWriter output, ExpositionFormat format)
{
    /// <summary>Longest text of a finite number.</summary>
    const int NumberBytes = 32;

    const long BlockBytes = 64 * 1024;

    long _flushed;
    long _written;

    public void Head(Family family)
    {
        var name = format.IsOpenMetrics ? family.OpenMetricsName : family.Name;
        Add($"# HELP {name} {family.Help}\n# TYPE {name} {(format.IsOpenMetrics && family.IsInfo ? "info" : "gauge")}\n");
    }

    /// <summary>Writes <c>name{labels} value</c>; a number that is none is left out.</summary>
    /// <param name="labels">As text, each part without commas at its ends; empty parts are left out.</param>
    /// <param name="isSingle">With the digits of a float32.</param>
    public void Sample(ReadOnlySpan<byte> name, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> moreLabels, ReadOnlySpan<byte> extra, double value, bool isSingle = false)
    {
        if (!double.IsFinite(value))
            return;
        Add(name);
        var opening = Part("{"u8, labels);
        opening = Part(opening, moreLabels);
        opening = Part(opening, extra);
        Add(opening[0] == ',' ? "} "u8 : " "u8);
        var number = output.GetSpan(NumberBytes);
        var isWritten = isSingle
            ? ((float)value).TryFormat(number, out var length, default, CultureInfo.InvariantCulture)
            : value.TryFormat(number, out length, default, CultureInfo.InvariantCulture);
        if (!isWritten)
            throw new InvalidOperationException($"{value} needs more than {NumberBytes} bytes.");
        output.Advance(length);
        _written += length;
        Add("\n"u8);
    }

    /// <summary>Sends what is written once it is a block, and waits for a slow reader.</summary>
    public async ValueTask FlushIfDueAsync(CancellationToken cancellationToken)
    {
        if (_written - _flushed < BlockBytes)
            return;
        _flushed = _written;
        await output.FlushAsync(cancellationToken);
    }

    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (format.IsOpenMetrics)
            Add("# EOF\n"u8);
        await output.FlushAsync(cancellationToken);
    }

    /// <returns>What stands before the next part.</returns>
    ReadOnlySpan<byte> Part(ReadOnlySpan<byte> opening, ReadOnlySpan<byte> labels)
    {
        if (labels.IsEmpty)
            return opening;
        Add(opening);
        Add(labels);
        return ","u8;
    }

    void Add(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _written += bytes.Length;
    }

    void Add(string text) => _written += Encoding.UTF8.GetBytes(text, output);
}
