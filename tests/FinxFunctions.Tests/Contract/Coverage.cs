using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Nodes;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(FinxFunctions.Tests.Contract.Coverage))]
[assembly: FinxFunctions.Tests.Contract.CountedTest]

namespace FinxFunctions.Tests.Contract;

/// <summary>Checks at the end of a whole run that the tests saw everything that the document promises.</summary>
public sealed class Coverage : IDisposable
{
    private static readonly ConcurrentDictionary<JsonNode, bool> Met = new(ReferenceEqualityComparer.Instance);

    internal static ConcurrentDictionary<MethodInfo, bool> Run { get; } = [];

    internal static void See(IEnumerable<JsonNode> nodes)
    {
        foreach (var node in nodes)
        {
            Met.TryAdd(node, true);
        }
    }

    /// <summary>A run of some tests proves nothing, so nothing is checked after it.</summary>
    public void Dispose()
    {
        if (Tests().All(Run.ContainsKey))
        {
            var unseen = ContractDocument.Operations.SelectMany(Promised).Distinct<JsonNode>(ReferenceEqualityComparer.Instance).Where(node => !Met.ContainsKey(node)).Select(node => node.GetPath()).ToList();
            Assert.True(unseen.Count == 0, $"never seen: {string.Join(", ", unseen)}");
        }
    }

    private static IEnumerable<MethodInfo> Tests() =>
        from type in typeof(Coverage).Assembly.GetTypes()
        where !type.IsAbstract
        from method in type.GetMethods()
        where method.GetCustomAttributes().OfType<IFactAttribute>().Any(fact => fact is { Skip: null, Explicit: false, SkipUnless: null, SkipWhen: null })
        select method;

    private static IEnumerable<JsonNode> Promised(ContractOperation operation) =>
    [
        .. operation.Parameters.Where(parameter => parameter["in"]!.GetValue<string>() is not "path"),
        .. operation.Parameters.SelectMany(parameter => Promised(parameter["schema"]!)),
        .. operation.RequestContent.SelectMany(content => Promised(content.Value!["schema"]!).Append(content.Value)),
        .. operation.Responses.SelectMany(response => Promised(response.Key, response.Value!)),
    ];

    private static IEnumerable<JsonNode> Promised(string status, JsonNode response)
    {
        // A test can cause a defect in one operation only.
        if (status is not "500")
        {
            yield return response;
        }

        var resolved = ContractDocument.Resolve(response);
        foreach (var (_, header) in resolved["headers"]?.AsObject() ?? [])
        {
            yield return ContractDocument.Resolve(header!);
        }

        foreach (var (type, content) in resolved["content"]?.AsObject() ?? [])
        {
            yield return content!;
            foreach (var node in Promised(content!["schema"]!).Concat(type is "application/problem+json" ? content["examples"]!.AsObject().Select(example => example.Value!) : []))
            {
                yield return node;
            }
        }
    }

    /// <summary>The members and the values of a schema.</summary>
    private static IEnumerable<JsonNode> Promised(JsonNode schema)
    {
        var rules = ContractDocument.Resolve(schema);
        return
        [
            .. (rules["enum"] as JsonArray ?? []).OfType<JsonNode>(),
            .. (rules["properties"] as JsonObject ?? []).SelectMany(member => Promised(member.Value!).Append(member.Value!)),
            .. (rules["anyOf"] as JsonArray ?? []).SelectMany(choice => Promised(choice!)),
            .. rules["items"] is { } items ? Promised(items) : [],
            .. rules["additionalProperties"] is JsonObject any ? Promised(any) : [],
        ];
    }
}
