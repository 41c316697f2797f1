using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.Gateway.Live;

/// <summary>Verdicts as a browser wants them: one tick per event, numbers of six significant digits, null for "not measured".</summary>
static class TickWriter
{
    public static Frame Tick(PredictionBatch batch, PredictionTick tick) => Write("tick", json =>
    {
        json.WriteString("entity"u8, batch.Entity);
        json.WriteNumber("cadenceMs"u8, batch.CadenceMs);
        json.WriteNumber("t"u8, tick.T);
        Number(json, "score", tick.Score);
        Number(json, "p", tick.P);
        json.WriteBoolean("extrapolated"u8, tick.Extrapolated);
        json.WriteBoolean("anomalous"u8, tick.Anomalous);
        json.WriteString("maturity"u8, JsonNamingPolicy.KebabCaseLower.ConvertName(batch.Maturity.ToString()));
        json.WriteString("model"u8, batch.Model);
        json.WriteString("schema"u8, batch.Schema);
        Numbers(json, "values", tick.Values);
        Numbers(json, "z", tick.Z);
    });

    public static Frame Outlook(PredictionBatch batch, Outlook outlook) => Write("outlook", json =>
    {
        json.WriteString("entity"u8, batch.Entity);
        json.WriteNumber("cadenceMs"u8, batch.CadenceMs);
        json.WriteString("schema"u8, batch.Schema);
        Numbers(json, "lower", outlook.Lower);
        Numbers(json, "upper", outlook.Upper);
        json.WriteStartArray("forecasts"u8);
        foreach (var forecast in outlook.Forecasts)
            Forecast(json, forecast);
        json.WriteEndArray();
    });

    static void Forecast(Utf8JsonWriter json, Forecast forecast)
    {
        json.WriteStartObject();
        json.WriteString("series"u8, forecast.Series);
        Number(json, "limit", forecast.Limit);
        Number(json, "p5m", forecast.P5m);
        Number(json, "p15m", forecast.P15m);
        Number(json, "p60m", forecast.P60m);
        Number(json, "medianSeconds", forecast.MedianSeconds);
        Number(json, "lowSeconds", forecast.LowSeconds);
        Number(json, "highSeconds", forecast.HighSeconds);
        json.WriteEndObject();
    }

    static Frame Write(string name, Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        return Frame.Of(name, buffer.WrittenSpan, mayBeLost: true);
    }

    static void Numbers(Utf8JsonWriter json, string name, float[] values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            Value(json, value);
        json.WriteEndArray();
    }

    static void Number(Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        Value(json, value);
    }

    static void Value(Utf8JsonWriter json, double value)
    {
        Span<byte> text = stackalloc byte[32];
        if (double.IsFinite(value) && value.TryFormat(text, out var written, "G6", CultureInfo.InvariantCulture))
            json.WriteRawValue(text[..written], skipInputValidation: true);
        else
            json.WriteNullValue();
    }
}
