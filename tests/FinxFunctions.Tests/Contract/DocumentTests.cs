using System.Reflection;
using System.Text.Json.Nodes;
using FinxFunctions.Hosting;
using FinxFunctions.Tests.Running;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Tests.Contract;

public class DocumentTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static IEnumerable<JsonObject> Objects => ContractDocument.Under(ContractDocument.Root).OfType<JsonObject>();

    [Fact]
    public async Task The_service_serves_the_document_of_the_repository_to_anybody()
    {
        await using var app = await App.StartAsync(new() { ["FunctionKey"] = "key" });

        using var answer = await app.Http.GetAsync("/api/openapi.json", Cancel);

        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(OpenApiDocument.Utf8.ToArray(), await answer.Content.ReadAsByteArrayAsync(Cancel));
        app.AssertQuiet();
    }

    [Fact]
    public void Its_operations_are_the_functions_with_their_routes_methods_and_keys()
    {
        var functions =
            from type in typeof(FinxFunctions.Hosting.ErrorBoundary).Assembly.GetExportedTypes()
            from method in type.GetMethods()
            where method.IsDefined(typeof(FunctionAttribute))
            let trigger = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).OfType<HttpTriggerAttribute>().FirstOrDefault()
            where trigger is not null
            select $"{method.GetCustomAttribute<FunctionAttribute>()!.Name} {Assert.Single(trigger.Methods!)} /api/{trigger.Route} {trigger.AuthLevel is AuthorizationLevel.Function}";

        Assert.Equal(functions.Order(), ContractDocument.Operations.Select(operation => $"{operation.Id} {operation.Method} {operation.Path} {operation.NeedsKey}").Order());
    }

    [Fact]
    public void Every_reference_leads_somewhere_and_everything_shared_is_referred_to()
    {
        var references = Objects.Where(node => node.ContainsKey("$ref")).Select(ContractDocument.Resolve).ToHashSet(ReferenceEqualityComparer.Instance);

        Assert.All(
            ContractDocument.Root["components"]!.AsObject().Where(kind => kind.Key is not "securitySchemes").SelectMany(kind => kind.Value!.AsObject()),
            component => Assert.Contains(component.Value!, references, ReferenceEqualityComparer.Instance));
    }

    [Fact]
    public void Every_example_is_what_its_schema_says()
    {
        var check = new SchemaCheck();
        foreach (var content in Objects.Where(node => node.ContainsKey("schema")))
        {
            var examples = (content["examples"]?.AsObject() ?? []).Select(example => ContractDocument.Resolve(example.Value!)["value"]).Append(content["example"]).OfType<JsonNode>();
            foreach (var example in examples)
            {
                check.Check(example, content["schema"]!, example.GetPath());
            }
        }

        Assert.Empty(check.Violations);
        Assert.NotEmpty(check.Seen);
    }

    [Fact]
    public void Every_problem_is_exemplified_under_its_code_and_status()
    {
        var problems =
            from operation in ContractDocument.Operations
            from response in operation.Responses
            let content = ContractDocument.Resolve(response.Value!)["content"]?["application/problem+json"]
            where content is not null
            from example in content["examples"]!.AsObject()
            select (Status: response.Key, Code: example.Key, Value: ContractDocument.Resolve(example.Value!)["value"]!);

        Assert.All(problems, problem =>
        {
            Assert.Equal(problem.Code, problem.Value["code"]!.GetValue<string>());
            Assert.Equal(problem.Status, problem.Value["status"]!.ToJsonString());
            Assert.Equal($"urn:finxfunctions:{problem.Code}", problem.Value["type"]!.GetValue<string>());
        });
        Assert.Equal(
            ContractDocument.Root["components"]!["schemas"]!["Problem"]!["properties"]!["code"]!["enum"]!.AsArray().Select(code => code!.GetValue<string>()).Order(),
            problems.Select(problem => problem.Code).Distinct().Order());
    }

    [Fact]
    public void It_names_no_place()
    {
        Assert.Equal("/", Assert.Single(ContractDocument.Root["servers"]!.AsArray())!["url"]!.GetValue<string>());
    }
}
