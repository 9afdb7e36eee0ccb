using Azure;

namespace FinxFunctions.StandIns;

/// <summary>The answer to a read of a row that is not there.</summary>
public sealed class NoEntity<T> : NullableResponse<T>
{
    public override bool HasValue => false;

    public override T? Value => throw new InvalidOperationException("There is no such row.");

    public override Response GetRawResponse() => new StandInResponse(404);
}
