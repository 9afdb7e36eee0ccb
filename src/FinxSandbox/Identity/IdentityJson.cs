using System.Text.Json.Serialization;

namespace FinxSandbox.Identity;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IdentityClaims))]
[JsonSerializable(typeof(IdentityTokenBody))]
[JsonSerializable(typeof(IdentityErrorBody))]
internal sealed partial class IdentityJson : JsonSerializerContext;

internal sealed record IdentityClaims(string Aud, string Iss, long Iat, long Nbf, long Exp, string Tid);

internal sealed record IdentityTokenBody(string AccessToken, string ExpiresOn, string Resource, string TokenType, string? ClientId);

internal sealed record IdentityErrorBody(int StatusCode, string Message);
