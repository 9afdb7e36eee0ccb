using System.Text.Json.Serialization;

namespace FinxFunctions.Client;

/// <summary>How the widget is opened, and so how the outcome is handed over.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<LinkMode>))]
public enum LinkMode
{
    /// <summary>In the user's window: the browser is sent on to the return address.</summary>
    Redirect,

    /// <summary>In a window of its own: the outcome is posted to the opener.</summary>
    Popup,

    /// <summary>In a frame: the outcome is posted to the parent.</summary>
    Iframe,
}
