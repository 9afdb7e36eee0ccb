using System.Text.Json.Serialization;

namespace Finx.Api;

/// <summary>finX's JSON, as far as we read or write it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(WidgetLinkRequest))]
[JsonSerializable(typeof(WidgetLinkBody))]
[JsonSerializable(typeof(RevocationRequest))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class FinxJson : JsonSerializerContext;

internal sealed record TokenRequest(string GrantType, string? Code = null, string? RefreshToken = null, string? RedirectUri = null);

internal sealed record WidgetLinkBody(string? Location, string? Id);

internal sealed record RevocationRequest(string Token);
