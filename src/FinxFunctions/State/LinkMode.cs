namespace FinxFunctions.State;

/// <summary>How the widget was opened, and so how the outcome is handed over.</summary>
public enum LinkMode
{
    /// <summary>In the user's window: the browser is sent on to the return address.</summary>
    Redirect,

    /// <summary>In a window of its own: the outcome is posted to the opener.</summary>
    Popup,

    /// <summary>In a frame: the outcome is posted to the parent.</summary>
    Iframe,
}
