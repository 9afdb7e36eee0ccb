using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FinxSandbox.Finx.Data;
using FinxSandbox.Finx.Links;
using FinxSandbox.Finx.Tokens;

namespace FinxSandbox.Finx;

/// <summary>finX's JSON: snake_case, absent values left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FinxErrorBody))]
[JsonSerializable(typeof(LinkBody))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(TokenErrorBody))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(AccountBody))]
[JsonSerializable(typeof(AccountListBody))]
[JsonSerializable(typeof(BalanceBody))]
[JsonSerializable(typeof(TransactionBody))]
[JsonSerializable(typeof(TransactionListBody))]
[JsonSerializable(typeof(IEnumerable<BankBody>))]
internal sealed partial class FinxJson : JsonSerializerContext;
