namespace Forewarn.History.Endpoints;

/// <summary>What the API document says about parameters that several endpoints have.</summary>
static class Texts
{
    public const string Entity = "Name from /v1/entities";
    public const string EntityGlob = "Name from /v1/entities, or a pattern in which * stands for any characters; all when absent";
    public const string Name = "Beginning of the series' name; with a * a pattern for the whole name";
    public const string Unit = "UCUM unit, for example By/s";
    public const string Label = "key:value, where the value may hold *; key:* = has the label; !key:value = does not match. May be repeated: all must hold";
    public const string Series = "Up to 50 series ids, separated by commas";
    public const string From = "Unix milliseconds, inclusive";
    public const string To = "Unix milliseconds, exclusive";
    public const string Since = "Only what was seen at this time or later, unix milliseconds; 0: all that is kept at any level. Default: within the retention of samples";
    public const string Cursor = "'next' of the page before";
}
