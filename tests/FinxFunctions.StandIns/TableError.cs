using Azure;

namespace FinxFunctions.StandIns;

/// <summary>Table Storage's refusals.</summary>
public static class TableError
{
    public static RequestFailedException TableNotFound() => Of(404, "TableNotFound");

    public static RequestFailedException ResourceNotFound() => Of(404, "ResourceNotFound");

    public static RequestFailedException EntityAlreadyExists() => Of(409, "EntityAlreadyExists");

    public static RequestFailedException ConditionNotSatisfied() => Of(412, "UpdateConditionNotSatisfied");

    public static RequestFailedException Invalid(string code) => Of(400, code);

    private static RequestFailedException Of(int status, string code) => new(status, $"Table Storage refuses: {code}.", code, null);
}
