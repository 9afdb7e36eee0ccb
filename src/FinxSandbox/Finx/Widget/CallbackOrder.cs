namespace FinxSandbox.Finx.Widget;

/// <summary>The two orders of callback parameters seen in finX's documents.</summary>
public enum CallbackOrder
{
    CodeFirst,
    FlowIdFirst,
}
