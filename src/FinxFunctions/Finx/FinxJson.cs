using System.Text.Json.Serialization;

namespace FinxFunctions.Finx;

/// <summary>finX's JSON, as far as this service reads and writes it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(WidgetLinkRequest))]
[JsonSerializable(typeof(WidgetLinkBody))]
[JsonSerializable(typeof(RevocationRequest))]
[JsonSerializable(typeof(string[]))]
public sealed partial class FinxJson : JsonSerializerContext;

public sealed record TokenRequest(string GrantType, string? Code = null, string? RefreshToken = null, string? RedirectUri = null);

public sealed record WidgetLinkBody(string? Location, string? Id);

public sealed record RevocationRequest(string Token);
