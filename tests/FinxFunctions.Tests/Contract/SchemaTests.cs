using System.Text.Json.Nodes;

namespace FinxFunctions.Tests.Contract;

/// <summary>The document is written by hand. Its schemas are those of the code's own types.</summary>
public class SchemaTests
{
    /// <summary>A schema of the document, and the type that is exported as it.</summary>
    public static TheoryData<string, string> Pairs => new()
    {
        { "LinkRequest", "LinkRequestBody" },
        { "CreatedLink", "CreatedLink" },
        { "LinkConfirmation", "LinkConfirmationBody" },
        { "TokenRequest", "TokenRequestBody" },
        { "Token", "IssuedToken" },
        { "Connection", "ConnectionView" },
        { "ConnectionList", "ConnectionList" },
        { "HealthReport", "HealthView" },
        { "Problem", "ProblemReport" },
    };

    /// <summary>finX's own data, which is forwarded unread: the code has no types of it.</summary>
    private static readonly string[] Forwarded = ["AccountList", "Account", "TransactionList", "Transaction"];

    private static JsonObject Schemas => ContractDocument.Root["components"]!["schemas"]!.AsObject();

    [Theory, MemberData(nameof(Pairs))]
    public void A_schema_of_the_document_is_the_schema_that_its_type_exports(string schema, string type) =>
        Assert.Equal("", string.Join('\n', Compare(type, Schemas[schema]!)));

    [Fact]
    public void Every_object_of_the_document_has_a_type() => Assert.Equal(
        Schemas.Where(schema => schema.Value!["properties"] is not null).Select(schema => schema.Key).Except(Forwarded).Order(),
        Pairs.Select(pair => pair.Data.Item1).Order());

    [Fact]
    public void Every_type_of_the_code_that_a_caller_sends_or_gets_has_a_schema() => Assert.Equal(
        ExportedSchema.Types.Keys.Order(),
        Pairs.Select(pair => pair.Data.Item2).Order());

    /// <summary>A change to the document's LinkRequest, and the difference that it makes.</summary>
    public static TheoryData<string, string?, string> Changes => new()
    {
        { "properties/state", null, "LinkRequestBody: members" },
        { "properties/more", """{"type":"string"}""", "LinkRequestBody: members" },
        { "properties/state/type", "\"integer\"", "LinkRequestBody.state: type" },
        { "properties/state/maxLength", "1023", "LinkRequestBody.state: maxLength" },
        { "properties/sync_period/maximum", null, "LinkRequestBody.sync_period: maximum" },
        { "properties/mode/enum", """["redirect"]""", "LinkRequestBody.mode: enum" },
        { "properties/provider_id/format", null, "LinkRequestBody.provider_id: format" },
        { "required", """["user_id"]""", "LinkRequestBody: required" },
        { "properties/accounts/items/properties/currency", null, "LinkRequestBody.accounts[]: members" },
        { "properties/accounts/items/required", null, "LinkRequestBody.accounts[]: required" },
        { "properties/account_types/items/type", "\"object\"", "LinkRequestBody.account_types[]: type" },
    };

    [Theory, MemberData(nameof(Changes))]
    public void A_difference_is_found(string path, string? value, string difference)
    {
        var schema = Schemas["LinkRequest"]!.DeepClone();
        var names = path.Split('/');
        var parent = names[..^1].Aggregate(schema, (node, name) => node[name]!).AsObject();
        parent.Remove(names[^1]);
        if (value is not null)
        {
            parent[names[^1]] = JsonNode.Parse(value);
        }

        Assert.Contains(Compare("LinkRequestBody", schema), found => found.StartsWith(difference, StringComparison.Ordinal));
    }

    private static List<string> Compare(string type, JsonNode schema)
    {
        var comparison = new SchemaComparison();
        comparison.Compare(ExportedSchema.Of(ExportedSchema.Types[type]), schema, type, isRequest: type.EndsWith("Body", StringComparison.Ordinal));
        return comparison.Differences;
    }
}
