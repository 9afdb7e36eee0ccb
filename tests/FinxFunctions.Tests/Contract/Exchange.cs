using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FinxFunctions.Tests.Contract;

/// <summary>A request and its answer, compared with the document.</summary>
internal sealed class Exchange(HttpContext context, ContractOperation operation, ReadOnlyMemory<byte> requestBody, ReadOnlyMemory<byte> responseBody)
{
    /// <summary>Headers of the transport, which are not part of the contract.</summary>
    private static readonly string[] Aside = [HeaderNames.ContentType, HeaderNames.ContentLength, HeaderNames.Date, HeaderNames.Server, HeaderNames.TransferEncoding, HeaderNames.Connection];

    private readonly SchemaCheck _check = new();
    private readonly HttpRequest _request = context.Request;
    private readonly HttpResponse _response = context.Response;

    /// <summary>The differences from the document, and the parts of the document that were seen.</summary>
    public (IReadOnlyList<string> Violations, IReadOnlyList<JsonNode> Seen) Check()
    {
        if (operation.Responses[$"{_response.StatusCode}"] is not { } response)
        {
            return ([$"{operation} answered {_response.StatusCode}, which is not documented"], []);
        }

        _check.Seen.Add(response);
        CheckHeaders(ContractDocument.Resolve(response)["headers"]?.AsObject() ?? []);
        CheckBody(ContractDocument.Resolve(response)["content"]?.AsObject() ?? []);
        if (_response.StatusCode < 400)
        {
            CheckRequest();
        }

        return ([.. _check.Violations.Select(violation => $"{operation} {_response.StatusCode}: {violation}")], _check.Seen);
    }

    private void CheckHeaders(JsonObject documented)
    {
        foreach (var (name, values) in _response.Headers.Where(header => !Aside.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (documented.FirstOrDefault(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Value is not { } header)
            {
                _check.Violations.Add($"the header {name} is not documented");
                continue;
            }

            _check.Seen.Add(ContractDocument.Resolve(header));
            _check.CheckText(values.ToString(), ContractDocument.Resolve(header)["schema"]!, name);
        }

        foreach (var (name, _) in documented.Where(header => ContractDocument.Resolve(header.Value!)["required"] is not null && !_response.Headers.ContainsKey(header.Key)))
        {
            _check.Violations.Add($"the header {name} is missing");
        }
    }

    private void CheckBody(JsonObject documented)
    {
        // The host's own refusals have no body: of a wrong key, and of a request over its size limit.
        if (responseBody.IsEmpty && (documented.Count == 0 || _response.StatusCode is 401 or 413))
        {
            return;
        }

        var type = MediaTypeHeaderValue.TryParse(_response.ContentType, out var parsed) ? parsed.MediaType.ToString() : "";
        var body = type.EndsWith("json", StringComparison.Ordinal) ? Parse(responseBody) : JsonValue.Create("");
        if (operation.IsForwarded && _response.StatusCode < 400 && (documented[type] is null || body is null))
        {
            return; // finX's data may be anything.
        }

        if (documented[type] is not { } content)
        {
            _check.Violations.Add($"a body of type '{type}' is not documented");
            return;
        }

        _check.Seen.Add(content);
        _check.Check(body, content["schema"]!, "body");
        if (type is "application/problem+json")
        {
            CheckProblem(body!, content["examples"]!.AsObject());
        }
    }

    /// <summary>The examples of a problem name the codes that are possible with the status.</summary>
    private void CheckProblem(JsonNode body, JsonObject examples)
    {
        if (examples[body["code"]?.GetValue<string>() ?? ""] is { } example)
        {
            _check.Seen.Add(example);
        }
        else
        {
            _check.Violations.Add($"the code {body["code"]} is not documented for this status");
        }

        if (body["status"]?.GetValue<int>() != _response.StatusCode)
        {
            _check.Violations.Add("the status in the body is another");
        }
    }

    /// <summary>Only a request that was accepted must be documented.</summary>
    private void CheckRequest()
    {
        foreach (var (name, values) in _request.Query)
        {
            if (operation.Parameter("query", name) is { } parameter)
            {
                _check.Seen.Add(parameter);
                _check.CheckText(values.ToString(), parameter["schema"]!, name);
            }
            else if (!operation.TakesAnyParameter && !(name is "code" && operation.NeedsKey))
            {
                _check.Violations.Add($"the parameter {name} is not documented, but was accepted");
            }
            else
            {
                _check.Seen.AddRange(operation.Parameters.Where(any => any["explode"] is not null));
            }
        }

        foreach (var parameter in operation.Parameters.Where(parameter => parameter["in"]!.GetValue<string>() is "header"))
        {
            var name = parameter["name"]!.GetValue<string>();
            if (_request.Headers.TryGetValue(name, out var values))
            {
                _check.Seen.Add(parameter);
                _check.CheckText(values.ToString(), parameter["schema"]!, name);
            }
        }

        if (!requestBody.IsEmpty && operation.RequestContent["application/json"] is { } content && Parse(requestBody) is JsonObject body)
        {
            _check.Seen.Add(content);
            _check.Check(WithoutNulls(body), content["schema"]!, "request");
        }
    }

    private static JsonObject WithoutNulls(JsonObject body) => new(body.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

    private static JsonNode? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonNode.Parse(body.Span);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
