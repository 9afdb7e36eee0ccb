using System.Text.Json.Serialization;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>A journal entry is a lease with its answer, encrypted.</summary>
[JsonSerializable(typeof(Lease))]
public sealed partial class JournalJson : JsonSerializerContext;
