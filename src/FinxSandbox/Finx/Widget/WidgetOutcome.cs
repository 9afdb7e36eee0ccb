namespace FinxSandbox.Finx.Widget;

/// <summary>How a user leaves the widget.</summary>
public enum WidgetOutcome
{
    Success,
    Cancel,
    Fail,
}
