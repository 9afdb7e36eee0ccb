using System.Text.Json.Serialization;

namespace FinxSandbox.Vault;

/// <summary>Key Vault's JSON: camelCase, absent values left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VaultErrorBody))]
[JsonSerializable(typeof(SecretChange))]
[JsonSerializable(typeof(SecretBody))]
[JsonSerializable(typeof(SecretPage))]
internal sealed partial class VaultJson : JsonSerializerContext;
