namespace FinxFunctions.Finx;

/// <summary>A link to the finX widget. <paramref name="Location"/> embeds a token: it is for the user alone, and never logged.</summary>
/// <param name="FlowId">finX's id of the flow; comes back on the redirect as <c>flow_id</c>.</param>
public sealed record WidgetLink(string FlowId, Uri Location)
{
    public override string ToString() => $"flow {FlowId}";
}
