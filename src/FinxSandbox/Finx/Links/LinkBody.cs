namespace FinxSandbox.Finx.Links;

internal sealed record LinkBody(string Location, string Id);
