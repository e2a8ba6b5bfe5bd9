namespace Fleet.Unit.Tests.Rewards.Math.Answers;

/// <summary>Numbers, percent, currency and units.</summary>
public sealed class NumbersAndUnitsTests
{
    public static TheoryData<string, string> Equal() => AnswerTable.Read("""
        1000000 ~ 1,000,000
        1000000 ~ 1.000.000
        1234567.5 ~ 1,234,567.5
        1234567 ~ 1'234'567
        1234567 ~ 1 234 567
        1234567 ~ 1\,234\,567
        1234567 ~ 1\ 234\ 567
        1234567 ~ 1~234~567
        12345 ~ 12\;345
        12345 ~ 12{,}345
        12345 ~ \text{12,345}
        12345 ~ $12,345$
        12345 ~ 12，345
        0.5 ~ .5
        0.5 ~ 50%
        0.5 ~ 50\%
        \frac{1}{2} ~ 1/2
        \frac12 ~ 0.50
        \frac{3}{4} ~ \dfrac34
        \frac{3}{4} ~ \tfrac{3}4
        \frac{3}{4} ~ \cfrac{3}{4}
        \frac{3}{4} ~ 3\div4
        \frac{3}{4} ~ ¾
        2.75 ~ 2¾
        2.75 ~ 2 3/4
        2.75 ~ 2\frac34
        2.75 ~ 2\ \frac{3}{4}
        2.75 ~ 2\,\dfrac{3}{4}
        -2.75 ~ -2\frac{3}{4}
        \frac{11}{4} ~ 2-\frac{1}{4}+1
        -\frac{1}{3} ~ \frac{-1}{3}
        -\frac{1}{3} ~ \frac{1}{-3}
        -\frac{1}{3} ~ -1/3
        -\frac{1}{3} ~ −1/3
        -\frac{1}{3} ~ –\frac13
        \frac{1}{3} ~ 0.\overline{3}
        \frac{1}{3} ~ 0.\bar{3}
        \frac{1}{3} ~ 0.\dot{3}
        \frac{1}{3} ~ 0.(3)
        \frac{1}{6} ~ 0.1(6)
        \frac{1}{6} ~ 0.1\overline{6}
        \frac{1}{6} ~ 0.1\dot{6}
        \frac{7}{9} ~ 0.\overline{7}
        \frac{41}{333} ~ 0.\overline{123}
        \frac{41}{333} ~ 0.\dot{1}2\dot{3}
        \frac{1}{7} ~ 0.\overline{142857}
        1 ~ 0.\overline{9}
        \frac{1}{3} ~ 0.333\ldots
        \frac{1}{3} ~ 0.3333...
        \frac{4}{3} ~ 1.\overline{3}
        0.\overline{3} ~ 1/3
        6.02e23 ~ 6.02 \times 10^{23}
        6.02\times10^{23} ~ 6.02E23
        6.02\times10^{23} ~ 6.02\cdot 10^{23}
        6.02\times10^{23} ~ 6.02×10²³
        6.02\times10^{23} ~ 6.02*10^23
        6.02\times10^{23} ~ 602000000000000000000000
        1.6\times10^{-19} ~ 1.6e-19
        1.6\times10^{-19} ~ 1.6×10⁻¹⁹
        10^{-3} ~ 0.001
        3 ~ 3.0
        3 ~ 3.
        3 ~ +3
        3 ~ (3)
        3 ~ {3}
        3 ~ \{3\}
        3 ~ \left(3\right)
        3 ~ 03
        3 ~ \mathbf{3}
        3 ~ \textbf{3}
        3 ~ **3**
        3 ~ 3!/2
        3 ~ \underline{3}
        3 ~ \color{red}{3}
        3 ~ \textcolor{red}{3}
        3 ~ {\color{blue} 3}
        3 ~ \displaystyle 3
        3 ~ ３
        3 ~ \boxed{3}
        3 ~ $3$
        3 ~ \(3\)
        3 ~ \[3\]
        3 ~ three
        3 ~ \text{three}
        3 ~ Three.
        23 ~ twenty-three
        23 ~ twenty three
        120 ~ one hundred twenty
        120 ~ one hundred and twenty
        2500 ~ 2.5 thousand
        2500000 ~ 2.5 million
        2500000 ~ 2.5\text{ million}
        3000000000 ~ 3 billion
        250 ~ 250.00
        45 ~ \text{45}
        45 ~ 45 \text{ (forty-five)}
        5 apples ~ 5
        5 ~ 5 apples
        5 ~ 5 pears
        5 ~ 5\text{ marbles left}
        5 ~ 5 \text{ red balls}
        18 ~ \$18
        18 ~ $18
        18 ~ 18 dollars
        18 ~ \$18.00
        18 ~ \text{\$}18
        18 ~ USD 18
        18 ~ 18 USD
        18 ~ €18
        18 ~ 18€
        18 ~ £18
        18 ~ ¥18
        18 ~ 18元
        18 ~ 18 元
        18 ~ Rs. 18
        18 ~ Rs 18
        1800 ~ \$1,800
        \$1800 ~ 1800 \text{ dollars}
        1.5 ~ \$1.50
        75 ~ 75 cents
        75 cents ~ \$0.75
        -18 ~ -\$18
        -18 ~ \$-18
        60 ~ 60 mph
        60 ~ 60\text{ miles per hour}
        60 ~ 60 km/h
        60\text{ km/h} ~ 60\,\mathrm{km/h}
        60\text{ km/h} ~ 60 \frac{\text{km}}{\text{h}}
        60\text{ km/h} ~ 60 km/hr
        60\text{ km/h} ~ 60 kilometers per hour
        9.8 ~ 9.8 m/s^2
        9.8 \text{ m/s}^2 ~ 9.8\ \mathrm{m\,s^{-2}}
        25\text{ cm}^2 ~ 25
        25\text{ cm}^2 ~ 25 square centimeters
        25\text{ cm}^2 ~ 25 cm²
        25\text{ cm}^2 ~ 0.0025 \text{ m}^2
        25 ~ 25 sq units
        25 ~ 25 square units
        25 ~ 25\text{ square units}
        25 ~ 25\text{ units}^2
        12 ~ 12 cubic feet
        12 ~ 12 ft^3
        12 ~ 12 hours
        12\text{ hours} ~ 720\text{ minutes}
        2\text{ hours} ~ 7200\text{ s}
        90^\circ ~ 90 degrees
        90^\circ ~ 90°
        90^\circ ~ 90^{\circ}
        90^\circ ~ 90\degree
        90^\circ ~ 90 \text{ degrees}
        90^\circ ~ \frac{\pi}{2}
        90^\circ ~ \frac{\pi}{2} \text{ radians}
        25^\circ\text{C} ~ 25
        25 ~ 25^\circ C
        25 ~ 25 °C
        5\text{ kg} ~ 5000\text{ g}
        5 \Omega ~ 5
        5 ~ 5\ \Omega
        5 ~ 5\,\mathrm{N}
        5 ~ 5\,\text{N·m}
        5 ~ 5\,\mathrm{kJ/mol}
        3\times10^8 \text{ m/s} ~ 3\times10^{8}
        3\times10^8 \text{ m/s} ~ 3\times10^5 \text{ km/s}
        12.5\% ~ 12.5 percent
        12.5\% ~ 0.125
        12.5\% ~ \frac{1}{8}
        12.5\% ~ 12\frac12\%
        12.5\% ~ 12.5\text{ percent}
        33\frac13\% ~ \frac{1}{3}
        20\% ~ 20 \%
        20\% ~ 20 per cent
        20\% ~ 百分之二十
        20\% ~ 20％
        """);

    public static TheoryData<string, string> Different() => AnswerTable.Read("""
        12345 ~ 12,346
        2.75 ~ -2\frac{3}{4}
        1.5 ~ 2\frac34
        \frac{1}{3} ~ 0.3
        \frac{1}{3} ~ 0.\overline{34}
        6.02\times10^{23} ~ 6.02\times10^{22}
        23 ~ twenty
        75 cents ~ \$75
        18 ~ \$18.50
        25\text{ cm}^2 ~ 25 \text{ m}^2
        90^\circ ~ \frac{\pi}{3}
        90^\circ ~ 90 \text{ radians}
        25^\circ\text{C} ~ 25^\circ\text{F}
        5\text{ kg} ~ 5\text{ g}
        5\text{ kg} ~ 5\text{ m}
        12.5\% ~ 125\%
        12.5\% ~ 0.0125
        """);

    [Theory]
    [MemberData(nameof(Equal))]
    public void One_answer_in_two_ways_is_equal(string gold, string prediction) => AnswerTable.AssertEqual(gold, prediction);

    [Theory]
    [MemberData(nameof(Different))]
    public void Different_answers_are_not_equal(string gold, string prediction) => AnswerTable.AssertDifferent(gold, prediction);
}
