namespace FinxFunctions.Primitives;

/// <summary>Names settings in a validator's messages as an operator sets them: <c>Finx__ClientId</c>, not <c>FinxOptions.ClientId</c>.</summary>
public sealed class SettingNames<TOptions>(string section, IValidateOptions<TOptions> validator) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options) => validator.Validate(name, options) switch
    {
        { Failed: true, Failures: var failures } => ValidateOptionsResult.Fail(failures.Select(failure => failure.Replace($"{typeof(TOptions).Name}.", $"{section}__", StringComparison.Ordinal))),
        var result => result,
    };
}
