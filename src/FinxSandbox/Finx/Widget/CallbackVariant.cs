namespace FinxSandbox.Finx.Widget;

/// <summary>The two ways in which finX's documents tell a cancellation.</summary>
public enum CallbackVariant
{
    /// <summary>API reference: <c>cancel=true</c>, only when cancelled.</summary>
    Cancel,

    /// <summary>Widget guide: <c>abort=true</c> or <c>abort=false</c>, always.</summary>
    Abort,
}
