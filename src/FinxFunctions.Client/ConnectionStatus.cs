using System.Text.Json.Serialization;

namespace FinxFunctions.Client;

/// <summary>Where a connection stands.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ConnectionStatus>))]
public enum ConnectionStatus
{
    /// <summary>The user has not come back yet.</summary>
    Pending,

    /// <summary>Tokens are kept alive.</summary>
    Active,

    /// <summary>Only the user can bring the connection back: create a link with its id.</summary>
    NeedsReconsent,

    /// <summary>What is left of it is being removed.</summary>
    Deleted,
}
