namespace FinxFunctions.State;

/// <summary>How the widget is opened, and how the outcome is returned.</summary>
public enum LinkMode
{
    /// <summary>In the user's window: the browser is redirected to the return address.</summary>
    Redirect,

    /// <summary>In a popup window: the outcome is posted to the opener.</summary>
    Popup,

    /// <summary>In an iframe: the outcome is posted to the parent.</summary>
    Iframe,
}
