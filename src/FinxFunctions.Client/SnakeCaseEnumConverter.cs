using System.Text.Json;
using System.Text.Json.Serialization;

namespace FinxFunctions.Client;

internal sealed class SnakeCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
