using System.Globalization;
using System.Text.Json;

namespace DevSidecar.PubSub;

/// <summary>
/// The part of CEL that routing rules use: member access on <c>event</c>, string, number and boolean literals, comparison,
/// <c>&amp;&amp; || !</c>, parentheses, <c>in [..]</c>, <c>has(..)</c>, <c>size(..)</c> and the string methods startsWith, endsWith, contains.
/// Anything else is refused when the subscription is read, never guessed at.
/// </summary>
sealed class RoutingExpression
{
    readonly List<string> _tokens;
    readonly string _where;
    readonly string _text;
    int _at;

    RoutingExpression(string text, string where)
    {
        (_text, _where) = (text, where);
        _tokens = Tokenise(text);
    }

    delegate object? Node(JsonElement root);

    /// <summary>An expression that cannot be evaluated on an event (a missing member, say) does not match, as in daprd.</summary>
    public static Func<JsonElement, bool> Compile(string text, string where)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return static _ => true;
        }

        var parser = new RoutingExpression(text, where);
        var node = parser.Or();
        return parser._at == parser._tokens.Count
            ? root => node(root) is true
            : throw parser.Refuse($"'{parser._tokens[parser._at]}' is not understood");
    }

    Node Or()
    {
        var left = And();
        while (Accept("||"))
        {
            var (a, b) = (left, And());
            left = root => a(root) is true || b(root) is true;
        }

        return left;
    }

    Node And()
    {
        var left = Comparison();
        while (Accept("&&"))
        {
            var (a, b) = (left, Comparison());
            left = root => a(root) is true && b(root) is true;
        }

        return left;
    }

    Node Comparison()
    {
        var left = Unary();
        foreach (var op in (ReadOnlySpan<string>)["==", "!=", "<=", ">=", "<", ">"])
        {
            if (Accept(op))
            {
                var right = Unary();
                return root => Compare(left(root), right(root), op);
            }
        }

        if (!Accept("in"))
        {
            return left;
        }

        var items = ListOf("[", "]");
        return root =>
        {
            var value = left(root);
            return items.Exists(i => Compare(value, i(root), "==") is true);
        };
    }

    Node Unary()
    {
        if (Accept("!"))
        {
            var inner = Unary();
            return root => inner(root) is bool b ? !b : null;
        }

        return Member(Primary());
    }

    Node Member(Node target)
    {
        while (true)
        {
            if (Accept("."))
            {
                var name = Take("a member name");
                var owner = target;
                if (name is "startsWith" or "endsWith" or "contains" && Peek("("))
                {
                    target = Method(owner, name);
                }
                else
                {
                    target = root => Select(owner(root), name);
                }
            }
            else if (Accept("["))
            {
                var (owner, index) = (target, Or());
                Expect("]");
                target = root => index(root) is string key ? Select(owner(root), key) : null;
            }
            else
            {
                return target;
            }
        }
    }

    Node Method(Node owner, string name)
    {
        var arguments = ListOf("(", ")");
        if (arguments.Count != 1)
        {
            throw Refuse($"{name} takes one argument");
        }

        return root => (owner(root), arguments[0](root)) is (string text, string part)
            ? name switch
            {
                "startsWith" => text.StartsWith(part, StringComparison.Ordinal),
                "endsWith" => text.EndsWith(part, StringComparison.Ordinal),
                _ => text.Contains(part, StringComparison.Ordinal),
            }
            : null;
    }

    Node Primary()
    {
        if (Accept("("))
        {
            var inner = Or();
            Expect(")");
            return inner;
        }

        var token = Take("a value");
        if (token[0] is '"' or '\'')
        {
            var literal = token[1..^1];
            return _ => literal;
        }

        if (double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return _ => number;
        }

        switch (token)
        {
            case "true":
                return _ => true;
            case "false":
                return _ => false;
            case "event":
                return root => root;
            case "has":
                var has = ListOf("(", ")");
                return root => has[0](root) is not null;
            case "size":
                var size = ListOf("(", ")");
                return root => size[0](root) switch
                {
                    string s => (double)s.Length,
                    JsonElement { ValueKind: JsonValueKind.Array } e => (double)e.GetArrayLength(),
                    _ => null,
                };
            default:
                throw Refuse($"'{token}' is not understood");
        }
    }

    List<Node> ListOf(string open, string close)
    {
        Expect(open);
        var items = new List<Node>();
        while (!Accept(close))
        {
            if (items.Count > 0)
            {
                Expect(",");
            }

            items.Add(Or());
        }

        return items.Count > 0 ? items : throw Refuse("an empty list means nothing here");
    }

    static object? Select(object? owner, string name)
    {
        if (owner is not JsonElement { ValueKind: JsonValueKind.Object } element || !element.TryGetProperty(name, out var value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Null => null,
            _ => value,
        };
    }

    static object? Compare(object? left, object? right, string op)
    {
        var order = (left, right) switch
        {
            (string a, string b) => string.CompareOrdinal(a, b),
            (double a, double b) => a.CompareTo(b),
            (bool a, bool b) => a.CompareTo(b),
            _ => (int?)null,
        };
        return (order, op) switch
        {
            (null, "!=") => left is not null && right is not null,
            (null, _) => null,
            (var o, "==") => o == 0,
            (var o, "!=") => o != 0,
            (var o, "<") => o < 0,
            (var o, "<=") => o <= 0,
            (var o, ">") => o > 0,
            (var o, _) => o >= 0,
        };
    }

    static List<string> Tokenise(string text)
    {
        var tokens = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            var start = i;
            if (char.IsWhiteSpace(c))
            {
                i++;
                continue;
            }

            if (c is '"' or '\'')
            {
                var end = text.IndexOf(c, i + 1);
                i = end < 0 ? text.Length : end + 1;
                tokens.Add(end < 0 ? text[start..] + c : text[start..i]);
                continue;
            }

            if (char.IsLetterOrDigit(c) || c == '_' || (c == '-' && i + 1 < text.Length && char.IsDigit(text[i + 1])))
            {
                var number = char.IsDigit(c) || c == '-';
                i++;
                while (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] == '_' || (number && text[i] == '.')))
                {
                    i++;
                }
            }
            else
            {
                i += i + 1 < text.Length && text.Substring(i, 2) is "==" or "!=" or "<=" or ">=" or "&&" or "||" ? 2 : 1;
            }

            tokens.Add(text[start..i]);
        }

        return tokens;
    }

    bool Peek(string token) => _at < _tokens.Count && _tokens[_at] == token;

    bool Accept(string token)
    {
        if (!Peek(token))
        {
            return false;
        }

        _at++;
        return true;
    }

    void Expect(string token)
    {
        if (!Accept(token))
        {
            throw Refuse($"'{token}' is missing");
        }
    }

    string Take(string what) => _at < _tokens.Count ? _tokens[_at++] : throw Refuse($"{what} is missing at the end");

    SidecarConfigurationException Refuse(string problem) => new(
        $"{_where}: the routing rule \"{_text}\" cannot be used: {problem}. Supported: event members, literals, == != < <= > >=, && || !, in [..], has(), size(), startsWith(), endsWith(), contains().");
}
