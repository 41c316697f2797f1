using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace DevSidecar.Admin;

/// <summary>Writes HTML from interpolated strings: what is written in the source is markup, every value is escaped.</summary>
sealed class HtmlWriter
{
    readonly StringBuilder _html = new();

    public HtmlWriter Add([InterpolatedStringHandlerArgument("")] ref Markup markup) => this;

    public override string ToString() => _html.ToString();

    /// <summary>The compiler's pattern for interpolated strings: it makes one and appends the parts.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Markup
    {
        readonly StringBuilder _html;

        public Markup(int literalLength, int formattedCount, HtmlWriter writer)
        {
            _html = writer._html;
            _html.EnsureCapacity(_html.Length + literalLength + (formattedCount * 8));
        }

        public void AppendLiteral(string markup) => _html.Append(markup);

        public void AppendFormatted(string? text) => _html.Append(HtmlEncoder.Default.Encode(text ?? ""));

        public void AppendFormatted(IFormattable value) => AppendFormatted(value.ToString(null, CultureInfo.InvariantCulture));

        /// <summary>Markup that was written the same way.</summary>
        public void AppendFormatted(HtmlWriter inner) => _html.Append(inner._html);
    }
}
